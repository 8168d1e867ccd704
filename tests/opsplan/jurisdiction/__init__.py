"""Tests of jurisdiction: agencies and whom to call there."""
