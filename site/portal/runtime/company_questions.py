"""What a new company is asked: key in catalog.toml and question. The command line has an option for each."""

COMPANY = {
    "name": "会社名",
    "service_name": "サービス名",
    "representative": "代表者（役職と名前）",
    "manager": "運営責任者",
    "address": "所在地（〒から）",
    "phone": "電話番号",
    "email": "お問い合わせのメールアドレス",
    "url": "会社のサイト（https://…/）",
    "invoice_number": "適格請求書発行事業者の登録番号（T と13桁）",
}
BANK = {
    "bank": "銀行名",
    "bank_code": "銀行コード（4桁）",
    "branch": "支店名",
    "branch_code": "支店コード（3桁）",
    "kind": "口座の種類（普通、当座、貯蓄）",
    "number": "口座番号（7桁）",
    "holder": "口座名義（カタカナ）",
}
QUESTIONS = COMPANY | BANK


def option_of(key: str) -> str:
    return f"--{key.replace('_', '-')}"
