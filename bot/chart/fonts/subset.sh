#!/usr/bin/env bash
# Makes the fonts of the pictures: subset.sh INTER-DIR NOTO-FILE
# Both are free fonts that Debian packages: fonts-inter (4.0~beta7; a directory with Inter-Regular.otf and
# Inter-SemiBold.otf) and fonts-noto-cjk (20220127; NotoSansCJK-Regular.ttc). It needs python3-fonttools.
# Names and prompts are drawn in them, so: Latin, Greek and Cyrillic letters, the usual signs, and all of GB 2312.
# No layout features are kept, since nothing here reads them. With the same packages the files come out the same.
set -euo pipefail
inter=$1 noto=$2
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=0
options=(--layout-features= --no-hinting --desubroutinize --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14 --drop-tables+=GSUB,GPOS,GDEF,vhea,vmtx,VORG,BASE,DSIG)
western=U+0020-007E,U+00A0-024F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,U+2010-2027,U+2030-203A,U+2044,U+20A0-20BF,U+2100-214F,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265
for weight in Regular SemiBold; do
	pyftsubset "$inter/Inter-$weight.otf" --unicodes="$western" --output-file="Inter-$weight.otf" "${options[@]}"
done
python3 - > gb2312.txt <<'PYTHON'
# Every character of GB 2312: 94 rows of 94, less those that have none.
for row in range(0xA1, 0xFF):
    for cell in range(0xA1, 0xFF):
        try:
            print(bytes([row, cell]).decode("gb2312"), end="")
        except UnicodeDecodeError:
            pass
PYTHON
sans=$(python3 -c '
import sys
from fontTools.ttLib import TTCollection
names = [f["name"].getDebugName(4) for f in TTCollection(sys.argv[1], lazy=True).fonts]
print(names.index("Noto Sans CJK SC"))' "$noto")
pyftsubset "$noto" --font-number="$sans" --text-file=gb2312.txt --output-file=NotoSansSC-GB2312.otf "${options[@]}"
rm gb2312.txt
gzip --best --no-name --force ./*.otf
ls -l ./*.otf.gz
