#!/bin/sh
# After the package is installed: the user that the service runs as.
set -e
command -v systemd-sysusers >/dev/null && systemd-sysusers odoograph.conf || true
command -v systemctl >/dev/null && systemctl daemon-reload || true
