"""What can be wrong with a request: one catalogue, in both languages, answered as RFC 9457 problem+json."""

from typing import Final, NamedTuple

import msgspec

from cyberweek.knowledge.core.release import Language


class Kind(NamedTuple):
    status: int
    titles: dict[Language, str]
    details: dict[Language, str]


def _kind(status: int, en: tuple[str, str], zh: tuple[str, str]) -> Kind:
    return Kind(status, {"en": en[0], "zh-Hans": zh[0]}, {"en": en[1], "zh-Hans": zh[1]})


KINDS: Final[dict[str, Kind]] = {
    "not-json": _kind(
        400, ("Not JSON", "The body is not JSON: {reason}."), ("不是 JSON", "请求体不是 JSON:{reason}。")
    ),
    "incomplete": _kind(
        400,
        ("Incomplete", "The request ended before its body was whole. Send it again."),
        ("请求不完整", "请求在正文发送完之前中断，请重新发送。"),
    ),
    "too-slow": _kind(
        408,
        ("Too slow", "The request did not arrive whole in time. Send it again."),
        ("请求过慢", "请求未能及时完整送达，请重新发送。"),
    ),
    "no-passport": _kind(
        401,
        ("Passport needed", "Send your passport as “Authorization: Bearer …”."),
        ("需要护照", "请以 “Authorization: Bearer …” 发送护照。"),
    ),
    "bad-passport": _kind(
        401,
        ("Passport not valid", "This passport was not issued here, or it has expired. Ask for a new one."),
        ("护照无效", "该护照并非由本站签发，或已过期，请重新领取。"),
    ),
    "no-ticket": _kind(
        401,
        ("Ticket needed", "Send the ticket that the start of the attempt gave."),
        ("需要答题凭证", "请一并发送开始答题时取得的凭证。"),
    ),
    "bad-ticket": _kind(
        401,
        ("Ticket not valid", "This ticket was not issued here, or it has been altered."),
        ("答题凭证无效", "该凭证并非由本站签发，或已被改动。"),
    ),
    "another-attempt": _kind(
        403,
        ("Not your attempt", "The ticket is for another attempt or another participant."),
        ("不是您的答卷", "该凭证属于另一份答卷或另一位参与者。"),
    ),
    "not-open": _kind(
        403,
        ("Contest not open", "The contest is open from {opens} to {closes}."),
        ("竞赛未开放", "竞赛开放时间为 {opens} 至 {closes}。"),
    ),
    "none-left": _kind(
        403,
        ("No attempts left today", "You have used all {allowed} attempts of {day}."),
        ("今日次数已用完", "{day} 的 {allowed} 次答题机会已用完。"),
    ),
    "none-left-in-all": _kind(
        403,
        ("No attempts left", "You have used all {allowed} attempts of this contest."),
        ("次数已用完", "本场竞赛的 {allowed} 次答题机会已用完。"),
    ),
    "code-needed": _kind(
        403,
        ("Code needed", "This contest is for those who have a code of their school, company or group."),
        ("需要参赛码", "本场竞赛仅限持有学校、单位或团队参赛码的人员参加。"),
    ),
    "wrong-code": _kind(
        403,
        ("Code not valid", "No group of this contest has this code. Compare it with the card, letter by letter."),
        ("参赛码无效", "本场竞赛没有使用该参赛码的团队，请与卡片逐字核对。"),
    ),
    "many-guesses": _kind(
        429,
        (
            "Too many wrong codes",
            "Too many codes were wrong. Compare yours with the card and try again in {minutes} minutes.",
        ),
        ("错误次数过多", "参赛码错误次数过多，请与卡片核对，{minutes} 分钟后再试。"),
    ),
    "other-team": _kind(
        403,
        ("Another team", "Whoever has begun for one team, or for nobody, cannot go on for another one."),
        ("已归属其他团队", "已为某团队或以个人身份开始答题的，不能再改为其他团队答题。"),
    ),
    "not-admitted": _kind(
        403,
        ("Not promoted", "Only those on the promotion list of “{after}” may play here."),
        ("未晋级", "本场仅限“{after}”晋级名单内的选手参加。"),
    ),
    "late": _kind(
        403,
        ("Too late", "The paper had to be in by {deadline}."),
        ("已超时", "答卷须在 {deadline} 之前提交。"),
    ),
    "not-found": _kind(404, ("Not found", "There is nothing here."), ("未找到", "此处没有内容。")),
    "no-contest": _kind(
        404,
        ("No such contest", "There is no contest “{contest}”."),
        ("没有该竞赛", "没有名为“{contest}”的竞赛。"),
    ),
    "wrong-method": _kind(
        405,
        ("Method not allowed", "Allowed here: {allow}."),
        ("不支持的方法", "此处允许：{allow}。"),
    ),
    "other-answers": _kind(
        409,
        ("Already submitted", "This paper was submitted before, with other answers. The first submission counts."),
        ("已提交过", "该答卷此前已提交，且答案不同，以首次提交为准。"),
    ),
    "not-a-run": _kind(
        409,
        ("Not an endless run", "Papers of this contest are handed in as a whole: save and submit them."),
        ("不是闯关答题", "本场竞赛的答卷须整份保存和提交。"),
    ),
    "a-run": _kind(
        409,
        ("An endless run", "Answers of this contest go one at a time, each final: send steps, and submit none."),
        ("闯关答题", "本场竞赛逐题作答、答后即定，请逐题提交，交卷时不附答案。"),
    ),
    "not-yet": _kind(
        409,
        ("Not this item", "The item to be answered now is “{item}”."),
        ("题目不符", "现在应作答的题目是“{item}”。"),
    ),
    "run-over": _kind(
        409,
        ("The run is over", "This run has ended; nothing can be added to it."),
        ("闯关已结束", "本轮闯关已结束，不能再作答。"),
    ),
    "number-taken": _kind(
        409,
        ("Number used before", "A save with this number but other answers came before. Send it with a new number."),
        ("编号已用过", "此前已有一次编号相同、答案不同的保存。请换一个编号重新发送。"),
    ),
    "too-long": _kind(413, ("Body too long", "A body has at most 64 KiB."), ("请求体过长", "请求体不得超过 64 KiB。")),
    "does-not-fit": _kind(
        422,
        ("Body does not fit", "The body does not have the expected form: {reason}."),
        ("内容不符合要求", "请求体不符合约定的格式：{reason}。"),
    ),
    "bad-nickname": _kind(
        422,
        ("Nickname not accepted", "A nickname has 1 to 20 characters, no control characters, no “<” or “>”."),
        ("昵称不符合要求", "昵称须为 1 至 20 个字符，不含控制字符及“<”“>”。"),
    ),
    "no-proof": _kind(
        422,
        ("Proof of work needed", "Get a challenge from /arena/v1/challenge, solve it, and send it as “proof”."),
        ("需要工作量证明", "请先从 /arena/v1/challenge 取得题目，算出结果后以 “proof” 一并发送。"),
    ),
    "bad-proof": _kind(
        422,
        ("Proof of work wrong", "This is no solution of a challenge of ours. Get a new challenge."),
        ("工作量证明有误", "该结果与本站的题目不符，请重新取题。"),
    ),
    "proof-expired": _kind(
        422,
        ("Proof of work too old", "A challenge holds for 20 minutes. Get a new one."),
        ("工作量证明已过期", "每道题目 20 分钟内有效，请重新取题。"),
    ),
    "proof-used": _kind(
        409,
        ("Proof of work used before", "A challenge gives one passport. Get a new one."),
        ("工作量证明已使用", "每道题目只能领取一张护照，请重新取题。"),
    ),
    "weak-proof": _kind(
        422,
        ("More work needed", "Many passports went to this network meanwhile. Get a new challenge."),
        ("工作量不足", "此期间本网络已领取大量护照，请重新取题。"),
    ),
    "bad-code": _kind(
        403,
        ("Code not valid", "This is not a code of this contest. Ask whoever gave it to you."),
        ("参赛码无效", "该参赛码不属于这场竞赛，请向发码单位核实。"),
    ),
    "network-limit": _kind(
        429,
        (
            "Too many passports from this network today",
            (
                "This network has taken {limit} passports today, as many as one may. A school or company: ask the "
                "organisers for a closed contest with a code; with it this limit does not count. Everybody else: use "
                "another connection, such as mobile data, or come back tomorrow."
            ),
        ),
        (
            "本网络今日领取护照过多",
            (
                "本网络今日已领取 {limit} 张护照，达到上限。学校或单位集体参加，可向主办方申请凭参赛码进入的专场，"
                "凭码领取不受此限；个人可换用手机流量等其他网络，或明天再来。"
            ),
        ),
    ),
    "unknown-region": _kind(
        422,
        ("Unknown region", "There is no region with the code “{region}”."),
        ("未知地区", "没有代码为“{region}”的地区。"),
    ),
    "item-not-on-paper": _kind(
        422,
        ("Not on this paper", "Item “{item}” is not on this paper."),
        ("不在本卷中", "题目“{item}”不在本答卷中。"),
    ),
    "unknown-option": _kind(
        422,
        ("Unknown option", "Item “{item}” has no option “{option}”."),
        ("未知选项", "题目“{item}”没有选项“{option}”。"),
    ),
    "no-answer": _kind(
        422,
        ("No answer", "Item “{item}” needs an answer: a step is one answer, and final."),
        ("未作答", "题目“{item}”须作答：每步提交一个答案，提交即定。"),
    ),
    "too-many-options": _kind(
        422,
        ("One option only", "Item “{item}” takes one option."),
        ("只能选一项", "题目“{item}”只能选择一项。"),
    ),
    "repeated-option": _kind(
        422,
        ("Option repeated", "The answer to item “{item}” names an option twice."),
        ("选项重复", "题目“{item}”的答案中有重复选项。"),
    ),
    "overloaded": _kind(
        503,
        ("Busy", "Very many people are here right now. Your answers are safe with you: send them again in a moment."),
        ("繁忙", "当前参与人数很多。答案已保存在您的设备上，请稍后重新提交。"),
    ),
    "ledger-down": _kind(
        503,
        ("Not writable right now", "The ledger cannot be written right now. Send the same request again in a moment."),
        ("暂时无法写入", "台账暂时无法写入，请稍后重发同一请求。"),
    ),
    "not-ready": _kind(
        503,
        ("Not ready", "The database or the releases are not available: {reason}."),
        ("尚未就绪", "数据库或发布内容不可用：{reason}。"),
    ),
}


class Problem(Exception):  # noqa: N818 -- RFC 9457 calls it a problem
    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = KINDS[kind].status
        self.facts = facts

    def body(self, language: Language) -> bytes:
        return msgspec.json.encode(
            {
                "type": f"urn:cyberweek:problem:{self.kind}",
                "title": KINDS[self.kind].titles[language],
                "status": self.status,
                "detail": KINDS[self.kind].details[language].format_map(self.facts),
            }
        )

    def headers(self) -> tuple[tuple[str, str], ...]:
        if self.status == 503:
            return (("retry-after", "1"),)
        if self.status == 401:
            return (("www-authenticate", 'Bearer realm="arena"'),)
        if self.status == 429:
            return (("retry-after", str(self.facts["seconds"])),)
        if self.status == 405:
            return (("allow", str(self.facts["allow"])),)
        return ()
