#include "incident/part.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "incident/move.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using Type = PartFieldType;

constexpr bool required = true;
constexpr bool updatable = true;

constexpr std::array<std::string_view, part_kind_count> names = {
    "entity", "task", "evidence", "custody", "hold", "guidance", "action", "attachment", "support", "handover"};

constexpr PartField entity_fields[] = {
    {"type", Type::line, required, !updatable, "loại", "kind"},
    {"value", Type::line, required, !updatable, "giá trị", "value"},
};
constexpr PartField task_fields[] = {
    {"playbook", Type::line, !required, !updatable, "mã việc trong playbook", "task of the playbook"},
    {"state", Type::line, !required, !updatable, "bước", "step"},
    {"title", Type::line, required, !updatable, "việc phải làm", "what to do"},
    {"title_en", Type::line, !required, !updatable, "việc phải làm (tiếng Anh)", "what to do (English)"},
    {"detail", Type::text, !required, !updatable, "cách làm", "how"},
    {"detail_en", Type::text, !required, !updatable, "cách làm (tiếng Anh)", "how (English)"},
    {"role", Type::line, !required, !updatable, "vai trò", "role"},
    {"owner", Type::line, !required, updatable, "người làm", "owner"},
    {"due", Type::time, !required, updatable, "hạn", "until"},
    {"done_at", Type::time, !required, updatable, "thời điểm xong", "done at"},
    {"outcome", Type::text, !required, updatable, "kết quả", "outcome"},
};
constexpr PartField evidence_fields[] = {
    {"name", Type::line, required, !updatable, "tên chứng cứ", "name"},
    {"description", Type::text, !required, !updatable, "mô tả", "description"},
    {"taken_by", Type::line, required, !updatable, "người thu thập", "taken by"},
    {"taken_at", Type::time, required, !updatable, "thời điểm thu thập", "taken at"},
    {"sha256", Type::sha256, required, !updatable, "giá trị băm SHA-256", "SHA-256"},
    {"seal", Type::line, !required, !updatable, "số niêm phong", "seal number"},
    {"place", Type::line, !required, !updatable, "nơi cất giữ", "where it is kept"},
    {"attachment", Type::part, !required, !updatable, "tệp đính kèm", "attachment"},
};
constexpr PartField custody_fields[] = {
    {"evidence", Type::part, required, !updatable, "chứng cứ", "evidence"},
    {"from", Type::line, required, !updatable, "bên giao", "handed over by"},
    {"to", Type::line, required, !updatable, "bên nhận", "received by"},
    {"handed_at", Type::time, required, !updatable, "thời điểm giao nhận", "handed over at"},
    {"purpose", Type::line, required, !updatable, "mục đích", "purpose"},
    {"seal", Type::line, !required, !updatable, "số niêm phong", "seal number"},
    {"seal_intact", Type::flag, !required, !updatable, "niêm phong nguyên vẹn", "seal intact"},
};
constexpr PartField hold_fields[] = {
    {"reason", Type::text, required, !updatable, "lý do giữ", "reason"},
    {"order", Type::line, !required, !updatable, "số văn bản yêu cầu", "number of the order"},
    {"devices", Type::texts, !required, !updatable, "máy", "devices"},
    {"from", Type::time, required, !updatable, "từ", "from"},
    {"to", Type::time, !required, !updatable, "đến", "to"},
    // Written by CaseBook::release_act() alone.
    {"released_at", Type::time, !required, !updatable, "thời điểm thôi giữ", "released at"},
    {"release_reason", Type::text, !required, !updatable, "lý do thôi giữ", "why it is released"},
    {"released_by", Type::line, !required, !updatable, "người thôi giữ", "released by"},
};
constexpr PartField guidance_fields[] = {
    {"given_by", Type::line, required, !updatable, "người hướng dẫn", "given by"},
    {"given_at", Type::time, required, !updatable, "thời điểm hướng dẫn", "given at"},
    {"document", Type::line, !required, !updatable, "số văn bản", "document"},
    {"text", Type::text, required, !updatable, "nội dung hướng dẫn", "what it says"},
};
constexpr PartField action_fields[] = {
    {"title", Type::text, required, !updatable, "hành động", "action"},
    {"owner", Type::line, !required, updatable, "cơ quan, người chịu trách nhiệm", "owner"},
    {"due", Type::time, !required, updatable, "hạn", "until"},
    {"done_at", Type::time, !required, updatable, "thời điểm hoàn thành", "done at"},
    {"outcome", Type::text, !required, updatable, "kết quả", "outcome"},
};
constexpr PartField attachment_fields[] = {
    {"name", Type::line, required, !updatable, "tên tệp", "name of the file"},
    {"sha256", Type::sha256, required, !updatable, "giá trị băm SHA-256", "SHA-256"},
    {"type", Type::line, required, !updatable, "loại tệp", "type"},
    {"size", Type::line, required, !updatable, "kích thước", "size"},
};

// Of the town office (articles 12.1, 12.3) or whoever else can help.
constexpr PartField support_fields[] = {
    {"asked_at", Type::time, required, !updatable, "thời điểm đề nghị", "asked at"},
    {"asked_of", Type::line, required, !updatable, "đề nghị ai hỗ trợ", "asked of"},
    {"what", Type::text, required, !updatable, "cần hỗ trợ gì", "what is needed"},
    {"given_by", Type::line, !required, updatable, "người hỗ trợ", "given by"},
    {"given_at", Type::time, !required, updatable, "thời điểm hỗ trợ", "given at"},
    {"outcome", Type::text, !required, updatable, "kết quả hỗ trợ", "outcome"},
};

// Written by the hub alone (handover.h), which keeps more than this in it.
constexpr PartField handover_fields[] = {
    {"receiver", Type::line, required, !updatable, "bên nhận", "receiver"},
    {"paper", Type::part, !required, !updatable, "biên bản bàn giao", "minutes of the hand-over"},
    {"sha256", Type::sha256, required, !updatable, "giá trị băm SHA-256", "SHA-256"},
};

constexpr std::size_t texts_max = 500;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

Error field_error(const PartField& field) {
  return Error(part_field, std::string(field.vi), std::string(field.en));
}

Result<json::value> check_texts(const PartField& field, const json::value& value) {
  const json::array* all = value.if_array();
  if (all == nullptr || all->size() > texts_max) return field_error(field);
  json::array out;
  for (const json::value& one : *all) {
    if (!one.is_string()) return field_error(field);
    out.emplace_back(clean_text(one.get_string().c_str(), title_bytes_max));
  }
  return json::value(std::move(out));
}

Result<json::value> check_value(const PartField& field, const json::value& value, Time now) {
  if (field.type == Type::flag) {
    if (!value.is_bool()) return field_error(field);
    return value;
  }
  if (field.type == Type::texts) return check_texts(field, value);
  if (!value.is_string()) return field_error(field);
  const std::size_t bytes_max = field.type == Type::text ? text_bytes_max : title_bytes_max;
  std::string text = clean_text(value.get_string().c_str(), bytes_max);
  if (field.type != Type::text) std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.empty()) return json::value(text);
  switch (field.type) {
    case Type::time: {
      const auto time = from_rfc3339(text);
      if (!time) return Error(time_unreadable, std::string(field.vi), std::string(field.en));
      const bool may_lie_ahead = field.id == "due" || field.id == "to";
      if (!may_lie_ahead && *time > now + skew_max) return Error(time_in_future, moment_text(*time));
      return json::value(to_rfc3339(*time));
    }
    case Type::sha256: {
      const auto bytes = from_hex(text);
      if (!bytes || bytes->size() != 32) return field_error(field);
      return json::value(to_hex(as_bytes(*bytes)));
    }
    case Type::part:
      if (!PartId::parse(text)) return field_error(field);
      return json::value(text);
    default:
      return json::value(text);
  }
}

Result<void> demand_required(PartKind kind, const json::object& body) {
  Text missing;
  for (const PartField& field : fields_of(kind)) {
    const json::value* value = body.if_contains(field.id);
    const bool is_empty = value == nullptr || (value->is_string() && value->get_string().empty());
    if (!field.is_required || !is_empty) continue;
    missing.vi += (missing.vi.empty() ? "" : ", ") + std::string(field.vi);
    missing.en += (missing.en.empty() ? "" : ", ") + std::string(field.en);
  }
  if (!missing.vi.empty()) return Error(text_missing, missing.vi, missing.en);
  if (kind == PartKind::entity && !finding::entity_type_from_name(text_at(body, "type"))) {
    return Error(unknown_choice, text_at(body, "type").substr(0, 60));
  }
  if (kind == PartKind::hold && !text_at(body, "to").empty() &&
      *from_rfc3339(text_at(body, "to")) < *from_rfc3339(text_at(body, "from"))) {
    return Error(ends_before_start, text_at(body, "from") + " > " + text_at(body, "to"));
  }
  const std::string asked = text_at(body, "asked_at"), given = text_at(body, "given_at");
  if (kind == PartKind::support && !given.empty() && *from_rfc3339(given) < *from_rfc3339(asked)) {
    return Error(ends_before_start, asked + " > " + given);
  }
  return {};
}

}  // namespace

std::string_view name_of(PartKind kind) {
  return names.at(static_cast<std::size_t>(kind));
}

std::optional<PartKind> part_kind_from_name(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<PartKind>(found - names.begin());
}

std::span<const PartField> fields_of(PartKind kind) {
  switch (kind) {
    case PartKind::entity:
      return entity_fields;
    case PartKind::task:
      return task_fields;
    case PartKind::evidence:
      return evidence_fields;
    case PartKind::custody:
      return custody_fields;
    case PartKind::hold:
      return hold_fields;
    case PartKind::guidance:
      return guidance_fields;
    case PartKind::action:
      return action_fields;
    case PartKind::support:
      return support_fields;
    case PartKind::handover:
      return handover_fields;
    case PartKind::attachment:
      break;
  }
  return attachment_fields;
}

Result<json::object> check_part(PartKind kind, const json::object& body, Time now) {
  json::object out;
  const auto fields = fields_of(kind);
  for (const auto& [key, value] : body) {
    const std::string_view id(key.data(), key.size());
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const PartField& one) { return one.id == id; });
    if (field == fields.end()) return Error(part_field, clean_text(id, 60));
    if (value.is_null()) continue;
    LUY_TRY(json::value checked, check_value(*field, value, now));
    out[key] = std::move(checked);
  }
  LUY_TRY_VOID(demand_required(kind, out));
  return out;
}

Result<json::object> change_part(const Part& part, const json::object& changes, Time now) {
  json::object whole = part.body;
  for (const auto& [key, value] : changes) {
    const std::string_view id(key.data(), key.size());
    for (const PartField& field : fields_of(part.kind)) {
      if (field.id == id && !field.is_updatable) {
        return Error(part_fixed, std::string(field.vi), std::string(field.en));
      }
    }
    whole[key] = value;
  }
  return check_part(part.kind, whole, now);
}

Result<json::object> with_attachment(const json::object& evidence, std::span<const Part> parts) {
  const std::string wanted = text_at(evidence, "attachment");
  if (wanted.empty()) return evidence;
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
    return part.kind == PartKind::attachment && part.id.text() == wanted;
  });
  if (found == parts.end()) return Error(part_unknown);
  json::object out = evidence;
  const std::string digest = text_at(found->body, "sha256");
  const auto given = from_hex(text_at(out, "sha256"));
  if (!text_at(out, "sha256").empty() && (!given || to_hex(as_bytes(*given)) != digest)) {
    return Error(part_field, "giá trị băm SHA-256 khác với tệp đính kèm", "SHA-256: the attachment has another");
  }
  out["sha256"] = digest;
  if (text_at(out, "name").empty()) out["name"] = text_at(found->body, "name");
  return out;
}

std::string holder_of(const Part& evidence, std::span<const Part> parts) {
  std::string holder = text_at(evidence.body, "taken_by");
  Time last = evidence.at;
  bool is_handed = false;
  for (const Part& part : parts) {
    if (part.kind != PartKind::custody || text_at(part.body, "evidence") != evidence.id.text()) continue;
    const Time at = *from_rfc3339(text_at(part.body, "handed_at"));
    // Two of the same moment: the one written later.
    if (is_handed && at < last) continue;
    holder = text_at(part.body, "to");
    last = at;
    is_handed = true;
  }
  return holder;
}

Result<void> check_custody(const json::object& custody, std::span<const Part> parts) {
  const std::string wanted = text_at(custody, "evidence");
  const auto evidence = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
    return part.kind == PartKind::evidence && part.id.text() == wanted;
  });
  if (evidence == parts.end()) return Error(part_unknown);
  const std::string holder = holder_of(*evidence, parts);
  if (text_at(custody, "from") != holder) return Error(custody_broken, holder);
  const Time handed = *from_rfc3339(text_at(custody, "handed_at"));
  Time last = *from_rfc3339(text_at(evidence->body, "taken_at"));
  for (const Part& part : parts) {
    if (part.kind == PartKind::custody && text_at(part.body, "evidence") == wanted) {
      last = std::max(last, *from_rfc3339(text_at(part.body, "handed_at")));
    }
  }
  if (handed < last) return Error(custody_backwards, moment_text(handed) + " < " + moment_text(last));
  return {};
}

}  // namespace luy::incident
