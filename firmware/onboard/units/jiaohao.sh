#!/bin/sh
# The suite's command on a board or hub, by the release that runs there: jiaohao doctor, jiaohao backup ...
release=$(readlink -f /data/jiaohao/current) || exit 1
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$release/site-packages" exec /usr/bin/python3 -P -m broker.cli "$@"
