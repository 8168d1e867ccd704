"""Tests of the problem's nouns: what they refuse, where and why."""
