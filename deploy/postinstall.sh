#!/bin/sh
# After the package is installed: the user that the service runs as, and its folders.
set -e
if command -v systemd-sysusers >/dev/null; then systemd-sysusers odoograph.conf; fi
install -d -o odoograph -g odoograph -m 0750 /etc/odoograph
install -d -o odoograph -g odoograph -m 0700 /var/lib/odoograph
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
