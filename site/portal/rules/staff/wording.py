"""Japanese words for what the history stores: entities, states, actors and reasons. Staff read words, never keys or codes."""

import re

from portal.enums import (
    CertificateState,
    ChargeSkip,
    DisputeState,
    DomainState,
    HostingEventState,
    MailState,
    OrderState,
    PaymentState,
    PayoutState,
    RefundState,
    StaffRole,
)
from portal.rules.payments.declines import short_reason

ENTITIES = {
    "order": "申し込み",
    "payment": "お支払い",
    "refund": "返金",
    "dispute": "不審請求の申請",
    "payout": "振込での返金",
    "payout-file": "総合振込のファイル",
    "deposit": "入金",
    "remittance": "会社からの入金",
    "mail": "メール",
    "provisioning": "サーバー連絡",
    "account": "アカウント",
    "staff": "担当者",
    "subscription": "契約",
    "auto": "自動更新",
    "renewal": "更新",
    "reset": "更新",
    "sign-in": "ログイン",
    "link": "リンク",
    "allocation": "受領",
    "bank": "銀行のファイル",
    "bank-csv": "CSV の読み方",
    "network": "回線",
    "domain": "独自ドメイン",
    "certificate": "独自SSL",
    "paper": "領収書など",
}
ACTORS = {
    "account": "お客様",
    "staff": "担当者",
    "operator": "管理者",
    "worker": "定期処理",
    "portal": "システム",
    "demo": "デモの準備",
    "card company": "カード会社",
    "wallet company": "おさいぽ!",
    "hosting side": "サーバー側",
}
OTHER_STATES = {
    "entered": "未充当",
    "read": "確認待ち",
    "imported": "取込済み",
    "made": "作成済み",
    "waiting": "未充当",
    "ignored": "対象外",
    "allocated": "充当",
    "open": "有効",
    "closed": "閉じている",
    "active": "有効",
    "disabled": "利用停止",
    "signed in": "ログイン",
    "limit reached": "受け付けを一時停止",
    "renewal on": "自動更新あり",
    "renewal off": "自動更新なし",
    "wallet linked": "おさいぽ!を連携",
    "card updated": "カードの更新",
    "difference": "会社の記録と違う",
    "charges held": "自動更新のお支払いを止めている",
    "charges allowed": "自動更新のお支払いができる",
    "erased": "個人データを消去",
    "wallet removed": "おさいぽ!の連携を解除",
    "to forget": "削除を依頼中",
    "forgotten": "削除済み",
    "reserved": "次回の更新内容を予約",
    "no reservation": "予約なし",
    "stopped": "停止中",
    "ended": "解約済",
    "valid": "有効",
    "reissued": "取り消して再発行",
    "paid": "支払い済み",
    "undone": "入金の確認をやり直し",
    "cancelled": "申し込みの取り消し",
}
STATES = {
    "order": OrderState,
    "payment": PaymentState,
    "refund": RefundState,
    "dispute": DisputeState,
    "payout": PayoutState,
    "mail": MailState,
    "provisioning": HostingEventState,
    "staff": StaffRole,
    "auto": ChargeSkip,
    "domain": DomainState,
    "certificate": CertificateState,
}
_WITHOUT_NUMBER = ("subscription", "renewal", "reset", "sign-in", "refund", "dispute", "link")  # their keys say nothing to staff
_ATTEMPT = re.compile(r"-o(\d+)-a(\d+)$")
_KEY = re.compile(r"（([a-z][a-z-]* [^（）]*)）")
_YEN = re.compile(r"(?<![\d,])(\d{4,})円", re.ASCII)
_CODE = re.compile(r"(不成立: )([\w.-]+)", re.ASCII)


def entity_ja(entity: str) -> str:
    """「order 12345678」 -> 「申し込み 12345678」; 「payment x-o12345678-a2」 -> 「申し込み 12345678 の2回目のお支払い」"""
    kind, _, number = entity.partition(" ")
    attempt = _ATTEMPT.search(number)
    if kind == "payment" and attempt:
        return f"申し込み {attempt[1]} の{attempt[2]}回目のお支払い"
    if kind == "auto":
        return f"{number.rpartition(' ')[2]}に終わる契約の自動更新"
    if kind in _WITHOUT_NUMBER:
        return ENTITIES[kind]
    return f"{ENTITIES.get(kind, kind)} {number.partition(' ')[0]}".strip()


def actor_ja(actor: str) -> str:
    """「staff keiri」 -> 「担当者 keiri」"""
    if actor in ACTORS:
        return ACTORS[actor]
    kind, _, name = actor.partition(" ")
    return f"{ACTORS.get(kind, kind)} {name}".strip()


def state_ja(state: str, entity: str) -> str:
    """The label of a state of this kind of entity: 「paid」 of an order -> 「支払い済み」"""
    states = STATES.get(entity.partition(" ")[0], ())
    return next((known.label for known in states if known == state), OTHER_STATES.get(state, state))


def reason_ja(reason: str) -> str:
    """The stored reason without keys and codes: 「入金の確認（order 12345678）」 -> 「入金の確認（申し込み 12345678）」"""
    words = _CODE.sub(lambda found: found[1] + short_reason(found[2]), _KEY.sub(_in_words, reason))
    return _YEN.sub(lambda found: f"{int(found[1]):,}円", words)


def _in_words(found: re.Match[str]) -> str:
    kind = found[1].partition(" ")[0]
    return f"（{entity_ja(found[1])}）" if kind in ENTITIES and kind not in _WITHOUT_NUMBER else ""
