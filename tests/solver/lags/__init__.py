"""The search for short plans of projects with lags and skilled units."""
