"""Writes a center as a shop file would say it, so that the reader of shop files can judge what strategies draw."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from callcenter.model.directory import MANUAL, Agent, AgentGroup, CallCenter, CenterConfig, GroupKind, RingKind
from callcenter.model.hours import WEEKDAYS, Holidays, Window
from callcenter.model.times import SECOND
from callcenter.model.tree import (
    Announcement,
    CallerBranch,
    Collect,
    CountedPrompt,
    Hook,
    IvrTree,
    Menu,
    Node,
    Prompt,
    Schedule,
)


def written(config: CenterConfig) -> dict[str, Any]:
    """Return the parsed TOML of a shop with this one center."""
    center = config.center
    shop: dict[str, Any] = {
        "schema": 1,
        "center": {center.id: written_center(center)},
        "ivr": {name: written_tree(tree) for name, tree in config.trees.items()},
    }
    if center.enterprise is not None:
        shop["enterprise"] = {center.enterprise: {"reseller": "west"}}
        shop["reseller"] = {"west": {"status": config.reseller_status.value}}
    if center.rate is not None:
        step = {"from_s": 0, "price_fen": "12", "per_s": 60, "increment_s": 60}
        rules = [{"steps": [step]}]
        shop["rate"] = {center.rate: {"versions": [{"effective_from": "2000-01-01", "rules": rules}]}}
    return shop


def said(**keys: Any) -> dict[str, Any]:
    """Return a table without the keys that are absent."""
    return {key: content for key, content in keys.items() if content is not None}


def seconds(micros: int) -> Decimal:
    return Decimal(micros) / SECOND


def or_none(text: Any) -> str | None:
    return None if text is None else str(text)


def written_center(center: CallCenter) -> dict[str, Any]:
    ivr = center.ivr
    return said(
        access_number=center.access_number,
        ivr=ivr.name if ivr.kind.value == "tree" else str(ivr),
        login=center.login,
        note=center.note,
        enterprise=center.enterprise,
        code=center.code,
        timezone=center.timezone,
        status=center.status.value,
        created=str(center.created),
        closed=or_none(center.closed),
        balance_fen=str(center.opening),
        credit_limit_fen=str(center.credit_limit),
        rate=center.rate,
        blacklist=[{"number": entry.number, "name": entry.name} for entry in center.blacklist],
        caps={
            "concurrent_calls": center.caps.concurrent_calls,
            "calls_per_minute": center.caps.calls_per_minute,
            "talk_s": seconds(center.caps.talk),
            "day_fen": str(center.caps.day),
        },
        destinations=[each.value for each in center.destinations],
        agent={id: written_agent(agent) for id, agent in center.agents.items()},
        group={id: written_group(group) for id, group in center.groups.items()},
        voicemail={
            name: said(greeting=box.greeting, max_s=seconds(box.max_length)) for name, box in center.voicemails.items()
        },
    )


def written_agent(agent: Agent) -> dict[str, Any]:
    return said(
        phone=agent.phone,
        phones=list(agent.phones),
        name=agent.name,
        status=agent.status.value,
        level=agent.level.value,
        created=or_none(agent.created),
        closed=or_none(agent.closed),
        record=agent.record,
        wrap_up_s=None if agent.wrap_up is None else "manual" if agent.wrap_up == MANUAL else seconds(agent.wrap_up),
        ring_timeout_s=None if agent.ring_timeout is None else seconds(agent.ring_timeout),
        on_demand=agent.on_demand,
        skills=dict(agent.skills),
        note=agent.note,
    )


def written_group(group: AgentGroup) -> dict[str, Any]:
    shared = said(
        kind=group.kind.value,
        name=group.name,
        note=group.note,
        ring=written_ring(group),
        ranking=group.ranking,
        fallback=group.fallback,
        sticky_s=seconds(group.sticky),
        ring_timeout_s=seconds(group.ring_timeout),
        restart=group.restart,
        retry_delay_s=seconds(group.retry_delay),
        order=group.order.value,
        head_start_s={each.word: seconds(length) for each, length in group.head_start.items()} or None,
        aging=[
            said(
                after_s=seconds(step.after),
                tier=step.tier,
                drop=list(step.drop),
                **{"class": step.caller_class.word if step.caller_class else None},
            )
            for step in group.aging
        ],
        max_wait_s=seconds(group.max_wait),
        max_length=group.max_length,
        join_empty=[each.value for each in group.join_empty],
        leave_when_empty=[each.value for each in group.leave_when_empty],
        on_timeout=str(group.on_timeout),
        on_full=str(group.on_full),
        on_empty=str(group.on_empty),
        exit_key=group.exit_key,
        on_exit_key=str(group.on_exit_key),
        hold_music=group.hold_music,
        ring_back=group.ring_back,
        whisper=group.whisper,
        announce_agent_id=group.announce_agent_id,
        announce=group.announce
        and {
            "first_s": seconds(group.announce.first),
            "every_s": seconds(group.announce.every),
            "position": group.announce.position,
            "estimate": group.announce.estimate,
            "prompts": list(group.announce.prompts),
        },
        service_level_s=seconds(group.service_level),
        short_abandon_s=seconds(group.short_abandon),
        hours=[written_window(window) for window in group.hours],
        holidays=written_holidays(group.holidays),
        holiday_prompt=group.holiday_prompt,
        holiday_target=or_none(group.holiday_target),
        vip=[{"number": v.number, "name": v.name, "class": v.caller_class.word} for v in group.vip],
    )
    if group.kind is GroupKind.EXTENSION:
        return {**shared, "extensions": [{"short": each.short, "long": each.long} for each in group.extensions]}
    return {
        **shared,
        "members": [{"agent": m.agent, "tier": m.tier, "weight": m.weight} for m in group.members],
        "requires": dict(group.requires),
        "tier_wait_s": seconds(group.tier_wait),
        "wrap_up_s": seconds(group.wrap_up),
    }


def written_ring(group: AgentGroup) -> str:
    ring = group.ring
    match ring.kind:
        case RingKind.PARALLEL:
            return f"parallel:{ring.count}"
        case RingKind.PROGRESSIVE:
            return f"progressive:{seconds(ring.interval)}"
        case _:
            return str(ring.kind.value)


def written_window(window: Window) -> dict[str, Any]:
    return {
        "weekdays": ",".join(WEEKDAYS[day] for day in window.weekdays),
        "from": f"{window.start // 60:02}:{window.start % 60:02}",
        "to": f"{window.end // 60:02}:{window.end % 60:02}",
    }


def written_holidays(holidays: Holidays) -> list[str]:
    return [*map(str, holidays.dates), *(f"{month:02}-{day:02}" for month, day in holidays.yearly)]


# ---------------------------------------------------------------- trees


def written_tree(tree: IvrTree) -> dict[str, Any]:
    table = said(
        root=str(tree.root),
        last_resort=str(tree.last_resort),
        on_fail=or_none(tree.on_fail),
        default_prompt=written_prompt(tree.default_prompt),
        language=tree.language,
        emergency=or_none(tree.emergency),
        guards={
            "entries": tree.guards.entries,
            "total_s": seconds(tree.guards.total),
            "depth": tree.guards.depth,
            "buffer": tree.guards.buffer,
        },
    )
    for key, node in tree.nodes.items():
        kind, _, name = key.partition(":")
        table.setdefault(kind, {})[name] = written_node(node)
    return table


def written_prompt(prompt: Prompt | None) -> Any:
    if prompt is None:
        return None
    return prompt.files[0][1] if prompt.files[0][0] == "" else dict(prompt.files)


def written_counted(prompts: tuple[CountedPrompt, ...]) -> list[dict[str, Any]]:
    return [{"count": each.count, "prompt": written_prompt(each.prompt)} for each in prompts]


def written_node(node: Node) -> dict[str, Any]:
    match node:
        case Menu():
            return written_menu(node)
        case Announcement():
            return {"prompt": written_prompt(node.prompt), "next": str(node.next)}
        case Collect():
            return said(
                prompt=written_prompt(node.prompt),
                min=node.min,
                max=node.max,
                terminator=node.terminator,
                sensitive=node.sensitive,
                store_as=node.store_as,
                next=str(node.next),
                on_fail=or_none(node.on_fail),
            )
        case Schedule():
            by_time = [
                {
                    **({"holidays": written_holidays(rule.holidays)} if rule.holidays else {}),
                    **written_window(rule.window),
                    "target": str(rule.target),
                }
                for rule in node.rules
            ]
            return {"rules": by_time, "default": str(node.default)}
        case CallerBranch():
            by_caller = [
                said(vip=rule.vip.word if rule.vip else None, prefix=rule.prefix or None, target=str(rule.target))
                for rule in node.rules
            ]
            return {"rules": by_caller, "default": str(node.default)}
        case Hook():
            return {
                "question": node.question,
                "timeout_s": seconds(node.timeout),
                "answers": {answer: str(target) for answer, target in node.answers.items()},
                "default": str(node.default),
            }


def written_menu(menu: Menu) -> dict[str, Any]:
    limits = menu.limits
    return said(
        greeting=written_prompt(menu.greeting),
        short_greeting=written_prompt(menu.short_greeting),
        choices={digits: str(target) for digits, target in menu.choices.items()},
        direct_dial=menu.direct_dial,
        exclude=list(menu.exclude),
        input=menu.input.value,
        terminator=menu.terminator,
        first_digit_s=seconds(menu.first_digit),
        inter_digit_s=seconds(menu.inter_digit),
        limits={
            "noinput": limits.noinput,
            "nomatch": limits.nomatch,
            "unavailable": limits.unavailable,
            "attempts": limits.attempts,
        },
        noinput_prompt=written_counted(menu.noinput_prompts),
        nomatch_prompt=written_counted(menu.nomatch_prompts),
        unavailable_prompt=written_counted(menu.unavailable_prompts),
        on_fail=or_none(menu.on_fail),
        on_noinput=or_none(menu.on_noinput),
        on_nomatch=or_none(menu.on_nomatch),
        on_unavailable=or_none(menu.on_unavailable),
    )
