"""独自ドメイン: the name that is added."""

from collections.abc import Iterable
from functools import cached_property

from wtforms import Field, RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.forms.base import PortalForm
from portal.forms.reading import visible
from portal.rules.certificates.certificate_status import CommonName
from portal.rules.certificates.domain_names import LONGEST, TOO_LONG, DomainName, NotADomain, read_domain_name

CHOOSE = "コモンネームを、表示されている中から選んでください。"


class CommonNameForm(PortalForm):
    common_name = RadioField("コモンネーム", [InputRequired(CHOOSE)], choices=[], validate_choice=False)

    def offer(self, names: Iterable[CommonName]) -> None:
        """What can be chosen, or has been a moment ago."""
        self.common_name.choices = [SelectChoice(each.name, label(each)) for each in names]

    def validate_common_name(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(CHOOSE)


def label(common_name: CommonName) -> str:
    same = common_name.name == common_name.shown
    return common_name.name if same else f"{common_name.shown}（{common_name.name}）"


class DomainForm(PortalForm):
    domain = StringField("独自ドメイン")

    @cached_property
    def wanted(self) -> DomainName:
        """Raises NotADomain."""
        typed = self.domain.data or ""
        if len(typed) > 2 * LONGEST:
            raise NotADomain(TOO_LONG)
        return read_domain_name(visible(typed, 2 * LONGEST))

    def validate_domain(self, _field: Field) -> None:
        try:
            assert self.wanted
        except NotADomain as why:
            raise ValidationError(str(why)) from why
