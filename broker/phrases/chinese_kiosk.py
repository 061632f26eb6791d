"""All that visitors read and hear at the ticket kiosk in Chinese; tables by the hub's own words have fields of their names."""

from __future__ import annotations

from broker.phrases.table import Table

__all__ = ["Kiosk", "KioskPaper"]


class KioskNotNow(Table, frozen=True):
    """Why a service has no ticket to give now, in a few words on its key; by the hub's refusals."""

    not_open: str = "非取号时间"
    last_ticket_given: str = "取号已截止"
    issuing_stopped: str = "已停止取号"
    quota_of_day: str = "今日号已取完"
    quota_of_slot: str = "当前时段号已满"
    not_lent: str = "脱机暂停取号"
    emergency: str = "暂停取号"
    numbers_exhausted: str = "脱机号已发完"
    other: str = "暂时不能取号"


class KioskRefused(Table, frozen=True):
    """Why a wish was refused, and what to do; by the hub's refusals, `other` is for all the rest."""

    bad_message: str = "本机设置需要更新，请联系工作人员"
    not_yours: str = "本机未开通此项服务，请联系工作人员"
    stale: str = "系统繁忙，未取号，请再试一次"
    unknown_service: str = "该业务已调整，请咨询工作人员"
    unknown_ticket: str = "今日没有这个号，请核对号票或重新取号"
    unknown_class: str = "绿色通道暂未开通，请联系工作人员"
    unknown_appointment: str = "没有查到您的预约，请核对预约信息，或直接取号"
    unknown_kiosk: str = "本机不能打印，请联系工作人员"
    wrong_state: str = "该号已办结或失效，请重新取号"
    wrong_code: str = "号票信息不符，请联系工作人员"
    numbers_exhausted: str = "今日号已全部取完，请改日再来或网上预约"
    not_open: str = "现在不是取号时间，请在公布的服务时间内取号"
    last_ticket_given: str = "即将结束受理，已停止取号，请下个时段再来"
    issuing_stopped: str = "该业务今日已停止取号，请咨询工作人员"
    quota_of_day: str = "该业务今日号已取完，请改日再来或提前预约"
    quota_of_slot: str = "当前时段号已满，请下个时段再来取号"
    has_ticket: str = "您已有号，请留意叫号"
    too_early: str = "未到预约取号时间，请稍后再来"
    emergency: str = "紧急情况，暂停取号，请听从工作人员指挥"
    other: str = "请联系工作人员"
    alone_not_lent: str = "系统脱机，该业务暂停取号，请稍候，或到咨询台人工取号"
    alone_numbers_exhausted: str = "脱机号已发完，请到咨询台人工取号，或稍候再取"


class KioskCheckIn(Table, frozen=True):
    """A missed number's way back; those of its refusals by the hub's words for them."""

    title: str = "过号报到"
    key: str = "过号报到"
    key_note: str = "请备好号票"
    choose: str = "请选择您的号码"
    nobody: str = "现在没有可以报到的过号"
    not_here: str = "没有您的号码，请咨询工作人员"
    type: str = "请输入{ticket}号票上的报到码"
    wait: str = "请稍候"
    done: str = "报到成功"
    behind: str = "至多排在同业务{behind}人之后"
    old_place: str = "按原取号时间排队"
    listen: str = "请留意叫号"
    sorry: str = "未能报到"
    unanswered: str = "系统暂时没有应答，请稍后再试，或联系工作人员"
    too_late: str = "过号时间太久，请重新取号"
    staff_only: str = "过号请咨询工作人员"
    unknown_ticket: str = "今日没有这个号，请核对号票"
    wrong_state: str = "该号已不在过号名单中，请留意叫号"
    wrong_code: str = "报到码不符，请核对后再输入"
    stale: str = "系统繁忙，请再试一次"
    other: str = "请联系工作人员"


class KioskScan(Table, frozen=True):
    """About a code or a card that was held before it."""

    unknown: str = "没有认出这个码"
    show_ours: str = "请出示本厅的号票或预约码"
    no_appointment: str = "没有预约，请直接选择业务取号"
    not_today: str = "这不是今天的号票"
    of_its_day: str = "号票当日有效，请重新取号"
    alone_ticket: str = "系统脱机，不能核对号票"
    alone_appointment: str = "系统脱机，不能核对预约"
    or_desk: str = "请留意叫号，或到咨询台办理"
    choose_service: str = "请直接选择业务取号"
    to_desk: str = "或到咨询台办理"
    unreadable: str = "未能识别号票"
    at_desk: str = "请到咨询台办理"
    mismatch: str = "号票信息不符"
    compare: str = "请核对号票，或到咨询台办理"
    no_card: str = "取号不用身份证"
    choose_directly: str = "请直接选择要办理的业务"
    keep_card: str = "请收好您的身份证"


class KioskStopped(Table, frozen=True):
    """Why no ticket can be had, each with what to do; those of the printer by its troubles."""

    title: str = "暂停取号"
    paper_out: str = "打印机缺纸，请告知工作人员换纸"
    cover_open: str = "打印机盖已打开，正在维护，请稍候"
    cutter: str = "打印机切刀卡住，请联系工作人员"
    overheated: str = "打印机过热，冷却后自动恢复，请稍候"
    ticket_not_taken: str = "出票口还有号票，请先取走"
    no_answer: str = "打印机无应答，请联系工作人员"
    offline: str = "打印机未就绪，请联系工作人员"
    jam: str = "打印机卡纸，请联系工作人员"
    broken: str = "打印机故障，请联系工作人员"
    starting: str = "正在启动，请稍候"
    cut_off: str = "系统连接中断，请稍候或联系工作人员"
    take_it: str = "请取走出票口的号票"
    near_end: str = "打印纸将用完，请准备换纸"


class KioskRoll(Table, frozen=True):
    """Changing the paper roll, step by step."""

    title: str = "正在换纸，请稍候"
    open: str = "第1步：请打开打印机盖"
    meanwhile: str = "换纸期间暂停取号"
    load: str = "第2步：请装入新纸，拉出纸头，合上盖"
    then: str = "合盖后自动打印测试条"
    test: str = "第3步：正在打印测试条"
    failed: str = "测试条未打印完成"
    look: str = "请开盖检查纸卷，或再打一次"
    again: str = "再打一次"
    done: str = "换纸完成"
    tear: str = "测试条已打印，请撕下"
    ready: str = "现在可以取号"


class KioskCause(Table, frozen=True):
    """Why it is alone, for staff, small at the foot of its pages."""

    line: str = "脱机：网络断开"
    hub: str = "脱机：主机已停"
    silence: str = "脱机：主机无心跳"
    no_answer: str = "脱机：主机无应答"


class KioskHome(Table, frozen=True):
    """The home page, its keys, and what stands there instead of services while none is open."""

    choose: str = "请选择要办理的业务"
    choose_green: str = "{name}：请选择业务"
    choose_class: str = "{name}优先：请选择业务"
    alone: str = "系统脱机，照常取号，按取号时间排队"
    services: str = "取号办事"
    services_note: str = "按业务选择"
    other_services: str = "其他业务"
    waiting: str = "等待 {waiting} 人"
    waiting_about: str = "等待 {waiting} 人，{wait}"
    appointment: str = "预约取号"
    appointment_note: str = "扫码或输入预约码"
    guide: str = "办事指南"
    guide_note: str = "流程、材料、时限"
    agency: str = "代办须知"
    agency_note: str = "替他人办理"
    complaint: str = "意见投诉"
    call: str = "呼叫引导员"
    large: str = "老年版"
    low: str = "低位操作"
    usual: str = "普通版"
    end_guide: str = "结束语音引导"
    closed: str = "现在不是取号时间"
    hours: str = "服务时间 {hours}"
    stopped: str = "今日已停止取号"
    stopped_why: str = "已取的号照常办理，请留意叫号，其他请咨询工作人员"
    ended: str = "取号已截止"
    ended_why: str = "已取的号照常办理，请下个时段再来"
    phone: str = "咨询投诉电话 {phone}"
    heard: str = "语音引导：下一个、上一个键选择，确认键进入，返回键后退"


class KioskService(Table, frozen=True):
    """A service's pages: which of its items, what to bring, the ticket."""

    which: str = "请选择要办理的事项"
    unsure: str = "其他事项，直接取号"
    bring: str = "请先看需要带的材料，再取号"
    bring_unsure: str = "所需材料因事项而异，可先看办事指南"
    materials: str = "所需材料"
    shared: str = "共同需要的材料"
    nothing: str = "无需材料"
    take: str = "取号"
    take_agent: str = "代办取号"
    for_other: str = "替他人办理"
    for_other_note: str = "代办须知"
    asking: str = "正在取号，请稍候"
    printing: str = "正在打印，请稍候"
    collect: str = "请取走号票，留意叫号"
    alone: str = "脱机取号，按取号时间排队"
    ahead_about: str = "{ahead}，预计等候{wait}"
    not_printed: str = "号票未打印完成"
    kept: str = "您的号码已保留"
    printed_later: str = "恢复后将自动补打"
    has: str = "您已有{ticket}号"
    copy_offer: str = "号票遗失可以补打"
    copy: str = "补打号票"
    wait: str = "请稍候"
    listen: str = "请留意叫号"
    sorry: str = "暂时不能取号"
    again: str = "{month}月{day}日 {time} 起可以取号"
    unanswered: str = "系统暂时没有应答，未取号"
    unanswered_copy: str = "系统暂时没有应答，未补打"
    retry: str = "请稍后再试，或联系工作人员"
    unkept: str = "本机存储无应答，未取号"
    by_hand: str = "请到咨询台人工取号"
    wait_within: str = "{most}分钟内"
    wait_about: str = "约{most}分钟"
    wait_range: str = "约{least}~{most}分钟"
    wait_hours: str = "约{least}~{most}小时"


class KioskGuide(Table, frozen=True):
    """The guide's pages (办事指南): what is told of an item, on the screen and on paper."""

    title: str = "办事指南"
    choose: str = "请选择类别"
    choose_item: str = "请选择事项"
    conditions: str = "办理条件"
    steps: str = "办理流程"
    basis: str = "办理依据"
    limit: str = "办理时限"
    statutory: str = "法定时限 {limit}"
    promised: str = "承诺时限 {limit}"
    materials: str = "所需材料"
    fee: str = "收费"
    result: str = "办理结果"
    where: str = "办理地点"
    counters: str = "{zones} {counters}号窗口"
    phone: str = "咨询电话"
    at_once: str = "即时办结"
    working_days: str = "{count}个工作日"
    days: str = "{count}日"
    months: str = "{count}个月"
    untranslated: str = "{heading}（中文）"
    review: str = "审核"
    valid: str = "{valid}起执行，{reviewed}审核，审核人 {reviewer}，第{version}版"
    print: str = "打印告知单"
    printing: str = "正在打印告知单，请稍候"
    printed: str = "告知单已打印，请取走"
    not_printed: str = "告知单未打印完成"
    code: str = "扫码可在手机上查看"
    slip: str = "一次性告知单"
    slip_at: str = "打印时间 {at}"


class KioskAgency(Table, frozen=True):
    """Somebody comes for another (代办): who may, by which rule, with which papers, how."""

    title: str = "代办须知"
    of: str = "代办：{item}"
    choose: str = "可以代办的事项，请选择类别"
    choose_item: str = "可以代办的事项"
    scope: str = "代办范围"
    basis: str = "代办依据"
    materials: str = "代办人和委托人的材料"
    steps: str = "代办流程"


class KioskComplaint(Table, frozen=True):
    """Where opinions and complaints go; no name is asked for."""

    title: str = "意见投诉"
    heading: str = "您的意见和投诉，可以这样告诉我们"
    phone: str = "拨打电话 {phone}"
    box: str = "意见箱：{box}"
    desk: str = "告诉大厅工作人员或值班主管"
    rating: str = "办理结束后，在窗口评价器上评价"
    web: str = "用手机扫描二维码填写"
    anonymous: str = "可以不留姓名"
    code: str = "扫码填写意见"


class KioskCall(Table, frozen=True):
    title: str = "呼叫引导员"
    asking: str = "正在呼叫，请稍候"
    coming: str = "引导员马上来"
    stay: str = "请在取号机旁稍候"
    failed: str = "未能呼叫到引导员"
    to_desk: str = "请到咨询台，工作人员会帮助您"


class KioskAppointment(Table, frozen=True):
    title: str = "预约取号"
    show: str = "请扫描预约码，或在下面输入"
    card: str = "用身份证预约的，请把身份证放在读卡处"
    unknown_card: str = "没有查到用此身份证的预约"
    letters: str = "字母"
    digits: str = "数字"
    enter: str = "确定"


class KioskPaper(Table, frozen=True):
    """On tickets, and on the strip that proves the printer. `again` marks a further copy."""

    go_to: str = "请到 {where}"
    ahead: str = "前方等待"
    people: str = "{ahead} 人"
    wait: str = "预计等候"
    bring: str = "请备齐材料"
    more: str = "所需材料因事项而异，详见办事指南"
    taken_at: str = "取号时间"
    phone: str = "咨询投诉电话"
    again: str = "补打"
    green: str = "绿色通道"
    slot: str = "预约 {time}"
    agent: str = "代办"
    code: str = "过号报到码 {code}"
    test: str = "打印测试"
    no_ticket: str = "这不是号票"
    look: str = "以上横线应清晰、等宽、无断点"


class KioskKeys(Table, frozen=True):
    """Keys that stand on most pages, in the same place."""

    back: str = "返回"
    home: str = "首页"
    more: str = "下一页"
    less: str = "上一页"
    erase: str = "删除"
    clear: str = "清空"
    another: str = "重选"


class KioskEmergency(Table, frozen=True):
    """While the hall has an emergency; the hall's own sentence stands below it."""

    title: str = "紧急情况"
    calm: str = "暂停取号，请听从工作人员指挥"


class Kiosk(Table, frozen=True):
    """On the ticket kiosk's screen, by what they are about. `comma` stands between sentences that are said together."""

    comma: str = "，"
    list_comma: str = "、"
    not_now: KioskNotNow = KioskNotNow()
    refused: KioskRefused = KioskRefused()
    check_in: KioskCheckIn = KioskCheckIn()
    scan: KioskScan = KioskScan()
    stopped: KioskStopped = KioskStopped()
    roll: KioskRoll = KioskRoll()
    cause: KioskCause = KioskCause()
    home: KioskHome = KioskHome()
    service: KioskService = KioskService()
    guide: KioskGuide = KioskGuide()
    agency: KioskAgency = KioskAgency()
    complaint: KioskComplaint = KioskComplaint()
    call: KioskCall = KioskCall()
    appointment: KioskAppointment = KioskAppointment()
    paper: KioskPaper = KioskPaper()
    keys: KioskKeys = KioskKeys()
    emergency: KioskEmergency = KioskEmergency()
