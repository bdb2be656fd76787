"""A company's own folder: the sample's products and terms, under names and numbers that are not the sample's."""

import shutil
from pathlib import Path

from portal.catalog.identity import check_digit
from portal.runtime.sample_company import sample_company

OWN = {
    "株式会社サンプルサーバー": "株式会社かもめ通信",
    "かわせみサーバー": "かもめサーバー",
    "代表取締役　見本 花子": "代表取締役　鴨目 花",
    "見本 太郎": "鴨目 太郎",
    "〒100-0000 東京都千代田区見本町0丁目0番0号 サンプルビル3階": "〒810-0001 福岡県福岡市中央区天神1丁目1番1号",
    "03-0000-0000": "092-711-1111",
    "kawasemi.example.jp": "kamome-tsushin.jp",
    "T7123456789012": f"T{check_digit('123456789013')}123456789013",
    "テスト銀行": "かもめ銀行",
    '"9999"': '"0177"',
    "カ）サンプルサーバー": "カ）カモメツウシン",
}


def own_company(folder: Path) -> Path:
    shutil.copytree(sample_company(), folder)
    for file in (folder / "catalog.toml", *(folder / "documents").iterdir()):
        text = file.read_text(encoding="utf-8")
        for sample, own in OWN.items():
            text = text.replace(sample, own)
        file.write_text(text, encoding="utf-8")
    return folder
