"""Settings: `base` for all, `production` for visitors, `dev` and `test` for engineers."""
