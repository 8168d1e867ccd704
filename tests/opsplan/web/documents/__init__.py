"""Tests of trusted documents."""
