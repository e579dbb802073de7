#include "duty/checks/check.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace luy::duty {
namespace {

std::string_view vi_name(inventory::DeviceClass device_class) {
  switch (device_class) {
    case inventory::DeviceClass::server:
      return "máy chủ";
    case inventory::DeviceClass::workstation:
      return "máy trạm";
    case inventory::DeviceClass::mobile:
      return "thiết bị di động";
    case inventory::DeviceClass::network:
      return "thiết bị mạng";
    case inventory::DeviceClass::storage:
      return "thiết bị lưu trữ";
    case inventory::DeviceClass::other:
      break;
  }
  return "thiết bị loại khác";
}

std::string_view en_name(inventory::DeviceClass device_class) {
  switch (device_class) {
    case inventory::DeviceClass::server:
      return "servers";
    case inventory::DeviceClass::workstation:
      return "workstations";
    case inventory::DeviceClass::mobile:
      return "mobile devices";
    case inventory::DeviceClass::network:
      return "network devices";
    case inventory::DeviceClass::storage:
      return "storage devices";
    case inventory::DeviceClass::other:
      break;
  }
  return "devices of other kinds";
}

}  // namespace

const regulation::ParameterValue& Limits::value(std::string_view id) const {
  const regulation::Parameter* parameter = parameters_->find(id);
  LUY_CHECK_MSG(parameter != nullptr, id);
  return parameter->value;
}

Duration Limits::duration(std::string_view id) const {
  return std::get<Duration>(value(id));
}

std::int64_t Limits::count(std::string_view id) const {
  return std::get<std::int64_t>(value(id));
}

double Limits::percent(std::string_view id) const {
  return std::get<double>(value(id));
}

std::int64_t Limits::working_days(std::string_view id) const {
  return std::get<regulation::WorkingDays>(value(id)).days;
}

const std::vector<std::string>& Limits::texts(std::string_view id) const {
  return std::get<std::vector<std::string>>(value(id));
}

Phase phase_until(Time begin, Time ends, double due_share, Time now) {
  const auto last_part = Duration(std::llround(static_cast<double>((ends - begin).count()) * due_share));
  Phase out{State::kept, ends - last_part, ends, std::nullopt};
  if (now < out.due_from) {
    out.changes_at = out.due_from;
  } else if (now < ends) {
    out.state = State::due;
    out.changes_at = ends;
  } else {
    out.state = State::violated;
  }
  return out;
}

Phase phase_of(Time begin, Duration limit, double due_share, Time now) {
  return phase_until(begin, begin + limit, due_share, now);
}

void Finding::add(State state, Code code, Arguments arguments, std::optional<Time> changes_at) {
  if (!any_ || worse(state, judgement_.state)) {
    judgement_.state = state;
    judgement_.code = code;
    judgement_.arguments = std::move(arguments);
  }
  any_ = true;
  if (changes_at && (!judgement_.changes_at || *changes_at < *judgement_.changes_at))
    judgement_.changes_at = changes_at;
}

void Finding::rests_on(Basis basis) {
  judgement_.basis.push_back(basis);
}

Judgement Finding::done() && {
  LUY_CHECK_MSG(any_, "a check that finds nothing");
  return std::move(judgement_);
}

Judgement only(State state, Code code, Arguments arguments) {
  Judgement out;
  out.state = state;
  out.code = code;
  out.arguments = std::move(arguments);
  return out;
}

Judgement not_reported(fact::Kind kind) {
  const inventory::KindTitle title = inventory::title_of(kind);
  return only(State::unknown, Code::not_reported, Arguments().text(title.vi).text(title.en));
}

Judgement class_exempt(inventory::DeviceClass device_class) {
  return only(State::not_applicable, Code::class_exempt,
              Arguments().text(vi_name(device_class)).text(en_name(device_class)));
}

Judgement no_device(const EmptyInput&) {
  return only(State::unknown, Code::no_device);
}

void add_records(Finding& finding, const RecordState& records, Time now) {
  constexpr std::string_view method = "luy-hub";
  const bool is_ahead = records.due_from && records.due_at && now < *records.due_from;
  if (records.waiting > 0 && is_ahead) {
    finding.rests_on({record_kind, records.urgent_seq, records.urgent_since.value_or(now), method});
    Arguments arguments;
    arguments.text(records.urgent.vi).text(records.urgent.en).time(*records.due_at).time(*records.due_from);
    finding.add(State::kept, Code::records_ahead, std::move(arguments), records.due_from);
  } else if (records.waiting > 0) {
    finding.rests_on({record_kind, records.urgent_seq, records.urgent_since.value_or(now), method});
    Arguments arguments;
    arguments.number(static_cast<std::int64_t>(records.waiting)).text(records.urgent.vi).text(records.urgent.en);
    if (records.due_at) arguments.time(*records.due_at);
    const bool over = records.due_at && *records.due_at <= now;
    const Code code = over ? Code::records_overdue : records.due_at ? Code::records_waiting : Code::records_open;
    finding.add(over ? State::violated : State::due, code, std::move(arguments), over ? std::nullopt : records.due_at);
  } else if (records.kept > 0 && records.newest) {
    finding.rests_on({record_kind, records.newest_seq, *records.newest, method});
    Arguments arguments;
    arguments.number(records.days).number(static_cast<std::int64_t>(records.kept)).time(*records.newest);
    finding.add(State::kept, Code::records_kept, std::move(arguments));
  } else {
    finding.add(State::not_applicable, Code::records_none, Arguments().number(records.days));
  }
}

Judgement record_when_empty(const EmptyInput& in) {
  if (in.records) {
    Finding finding;
    add_records(finding, *in.records, in.now);
    return std::move(finding).done();
  }
  const regulation::RecordType* record = in.obligation.record ? in.pack.record(*in.obligation.record) : nullptr;
  const regulation::Text& title = record != nullptr ? record->title : in.obligation.title;
  return only(State::unknown, Code::no_record, Arguments().text(title.vi).text(title.en));
}

Judgement evaluate(const Check& check, const Input& input) {
  Judgement out = check.judge(input);
  if (!check.wants_fresh_facts || out.basis.empty()) return out;
  if (out.state != State::kept && out.state != State::due) return out;
  std::optional<Time> oldest;
  for (const Basis& basis : out.basis) {
    // What the hub itself records does not age.
    if (basis.kind != record_kind && (!oldest || basis.learnt_at < *oldest)) oldest = basis.learnt_at;
  }
  if (!oldest) return out;
  const Duration fresh = input.limits.fact_fresh();
  const Time stale_at = *oldest + fresh;
  if (input.now >= stale_at) {
    out.state = State::unknown;
    out.code = Code::stale;
    out.arguments = Arguments().time(*oldest).number(std::chrono::duration_cast<days>(fresh).count());
    out.changes_at.reset();
  } else if (!out.changes_at || stale_at < *out.changes_at) {
    out.changes_at = stale_at;
  }
  return out;
}

}  // namespace luy::duty
