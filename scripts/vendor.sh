#!/bin/sh
# Makes challenge/http/static/vendor/ and europe.svg from pinned packages of npm and PyPI, with licences and vendor.lock.
#   scripts/vendor.sh           rebuild them
#   scripts/vendor.sh --check   rebuild elsewhere and compare with what is committed
# Needs node, npm, python3 with venv. Nothing is installed in the repository; nothing here runs in production.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
static=$here/challenge/http/static
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
out=$work/vendor
mkdir -p "$out/inter" "$out/licences"

# 1 Packages, exact versions
govuk=6.3.0 moj=11.1.0 htmx=4.0.1 echarts=6.1.0 inter=4.1.1 sass=1.108.2 immutable=5.2.1 atlas=2.0.2 fonttools=4.68.0 brotli=1.2.1
cd "$work"
printf '{"private": true}\n' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts --omit=optional --save-exact \
  "govuk-frontend@$govuk" "@ministryofjustice/frontend@$moj" "htmx.org@$htmx" "echarts@$echarts" "inter-ui@$inter" "sass@$sass" "immutable@$immutable" "world-atlas@$atlas"
python3 -m venv fonts
fonts/bin/python -m pip install -q --disable-pip-version-check "fonttools==$fonttools" "brotli==$brotli"

# 2 Styles: every colour stays a custom property, so tokens.css alone decides
node node_modules/sass/sass.js --style=compressed --no-source-map --quiet-deps --load-path=node_modules --load-path=. "$static/brand.scss" "$out/brand.css"

# 3 Scripts, byte for byte as published
cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js "$out/"
cp node_modules/@ministryofjustice/frontend/moj/moj-frontend.min.js "$out/"
cp node_modules/htmx.org/dist/htmx.min.js "$out/"
cp node_modules/echarts/dist/echarts.esm.min.mjs "$out/"

# 4 Inter: Latin-1, Latin Extended-A, Romanian comma letters, sharp S and our punctuation; weights 400 to 600, optical size kept
fonts/bin/pyftsubset node_modules/inter-ui/variable/InterVariable.woff2 --output-file=subset.ttf --no-hinting \
  --unicodes=20-7E,A0-17F,218-21B,1E9E,2009,2010-2015,2018-201E,2020,2022,2026,202F,2030,2032,2033,2039,203A,20AC,2122,2190-2193,2212,2215,2248,2260,2264,2265,25B2,25B6,25BC \
  --layout-features=kern,mark,mkmk,ccmp,locl,calt,tnum,ss03,rvrn,case --name-IDs=0,1,2,3,4,5,6,13,14,16,17,25
fonts/bin/fonttools varLib.instancer --quiet --no-recalc-timestamp subset.ttf wght=400:600 -o inter.ttf
fonts/bin/fonttools ttLib.woff2 compress -o "$out/inter/inter.woff2" inter.ttf 2> /dev/null
test "$(wc -c < "$out/inter/inter.woff2")" -le 60000 || { echo "Inter is over 60 kB." >&2; exit 1; }

# 5 The outline of Europe for maps drawn on the server
python3 "$here/scripts/outline.py" node_modules/world-atlas/countries-50m.json > europe.svg

# 6 Licences: two packages publish none of their own, so the text of their repositories stands here
mit() {
  printf 'MIT License\n\n%s\n\n' "$1"
  cat <<'MIT'
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
MIT
}
mit 'Copyright (C) 2017 Crown Copyright (Government Digital Service)' > "$out/licences/govuk-frontend.txt"
mit 'Copyright (c) 2021 dxw' > "$out/licences/moj-frontend.txt"
cp node_modules/htmx.org/LICENSE "$out/licences/htmx.txt"
cat node_modules/echarts/NOTICE node_modules/echarts/LICENSE node_modules/echarts/licenses/LICENSE-d3 > "$out/licences/echarts.txt"
cp node_modules/inter-ui/LICENSE.txt "$out/inter/OFL.txt"
cp node_modules/world-atlas/LICENSE "$out/licences/world-atlas.txt"

# 7 The lock: what each file is made from, and its sha-256
entry() {  # entry FILE LICENCE LICENCE-FILE PACKAGE…
  printf '\n[[file]]\nname = "%s"\nsha256 = "%s"\nlicence = "%s"\nlicence_file = "%s"\nsource = [' "$1" "$(cd "$out" && sha256sum "$1" | cut -d' ' -f1)" "$2" "$3"
  shift 3
  comma=
  for package in "$@"; do printf '%s"%s"' "$comma" "$package"; comma=', '; done
  printf ']\n'
}
{
  printf '# Written by scripts/vendor.sh; do not edit. Tools: sass %s, fonttools %s, brotli %s.\n' "$sass" "$fonttools" "$brotli"
  entry brand.css MIT licences/govuk-frontend.txt "govuk-frontend@$govuk" "@ministryofjustice/frontend@$moj" brand.scss
  entry govuk-frontend.min.js MIT licences/govuk-frontend.txt "govuk-frontend@$govuk"
  entry moj-frontend.min.js MIT licences/moj-frontend.txt "@ministryofjustice/frontend@$moj"
  entry htmx.min.js 0BSD licences/htmx.txt "htmx.org@$htmx"
  entry echarts.esm.min.mjs Apache-2.0 licences/echarts.txt "echarts@$echarts"
  entry inter/inter.woff2 OFL-1.1 inter/OFL.txt "inter-ui@$inter"
  entry ../europe.svg ISC licences/world-atlas.txt "world-atlas@$atlas" outline.py
} > "$out/vendor.lock"

# 8 Compare or replace
if [ "${1:-}" = --check ]; then
  diff -r "$static/vendor" "$out" && diff "$static/europe.svg" "$work/europe.svg" && echo "vendor/ and europe.svg are exactly what the pinned packages give."
else
  rm -rf "$static/vendor"
  cp -R "$out" "$static/vendor"
  cp "$work/europe.svg" "$static/europe.svg"
  du -ab "$static/vendor" | sort -k2
fi
