"""The plan and its files: how they differ, conflicts, and whose word counts."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.plan.views import apply_files, hand_over, plan, propose, write_files

area = Area(
    name="plan",
    routes=(
        desk("plan/", plan, name="plan"),
        desk("plan/apply", apply_files, Act.ADMINISTER, name="plan-apply"),
        desk("plan/export", write_files, Act.ADMINISTER, name="plan-export"),
        desk("plan/proposal.patch", propose, name="plan-proposal"),
        desk("plan/owner", hand_over, Act.EDIT, name="plan-owner"),
    ),
)
