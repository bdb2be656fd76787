"""Japanese labels for the history's entities, states and actors. A value without a label is shown as stored."""

from portal.enums import ChargeSkip, HostingEventState, MailState, OrderState, PaymentState, RefundState

_ENTITIES = {
    "order": "申し込み",
    "payment": "お支払い",
    "refund": "返金",
    "deposit": "入金",
    "mail": "メール",
    "provisioning": "サーバー連絡",
    "account": "アカウント",
    "staff": "社員",
    "subscription": "契約",
    "auto": "自動更新",
}
_ACTORS = {
    "account": "お客さま",
    "staff": "社員",
    "operator": "管理者",
    "worker": "定期処理",
    "portal": "システム",
    "card company": "カード決済会社",
    "wallet company": "おさいぽ!",
}
_OTHER_STATES = {
    "entered": "未充当",
    "allocated": "充当",
    "open": "有効",
    "active": "有効",
    "disabled": "停止",
    "signed in": "ログイン",
    "code locked": "コード受付停止",
    "renewal on": "自動更新あり",
    "renewal off": "自動更新なし",
    "to forget": "削除を依頼中",
    "forgotten": "削除済み",
    "reserved": "次回の更新内容を予約",
    "no reservation": "予約なし",
    "stopped": "停止中",
    "ended": "解約済",
}
_STATES = {
    "order": OrderState,
    "payment": PaymentState,
    "refund": RefundState,
    "mail": MailState,
    "provisioning": HostingEventState,
    "auto": ChargeSkip,
}


def entity_ja(entity: str) -> str:
    """「order 12345678」 -> 「申し込み 12345678」"""
    kind, _, number = entity.partition(" ")
    return f"{_ENTITIES.get(kind, kind)} {number}".strip()


def actor_ja(actor: str) -> str:
    """「staff keiri」 -> 「社員 keiri」"""
    if actor in _ACTORS:
        return _ACTORS[actor]
    kind, _, name = actor.partition(" ")
    return f"{_ACTORS.get(kind, kind)} {name}".strip()


def state_ja(state: str, entity: str) -> str:
    """The label of a state of this kind of entity: 「paid」 of an order -> 「支払い済み」"""
    states = _STATES.get(entity.partition(" ")[0], ())
    return next((known.label for known in states if known == state), _OTHER_STATES.get(state, state))
