"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A machine may be slow or busy: no test fails because of the time it took.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
