#include "hub/alarm.h"

#include <array>

#include "hub/audit_api.h"
#include "hub/proof_book.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using finding::Report;

constexpr std::string_view account_prefix = "account:";

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// What each act means. Every other that rings is told by its name.
struct Meaning {
  std::string_view act;
  finding::Severity severity;
  std::string_view title_vi, title_en;
  std::string_view story_vi, story_en;
};
constexpr std::array meanings = {
    Meaning{"break_glass_use", finding::Severity::critical, "Tài khoản khẩn cấp {} đã được dùng",
            "The emergency account {} was used",
            "Phong bì niêm phong đã mở. Hãy hỏi ai mở và vì sao, rồi niêm phong lại bằng mật khẩu mới.",
            "The sealed envelope is open. Ask who opened it and why, then seal the account anew."},
    Meaning{"account_disable", finding::Severity::high, "Tài khoản có thẩm quyền {} đã bị khóa",
            "The account {}, which decides for two, was disabled",
            "Nếu không đúng, một người khác có thẩm quyền có thể mở lại trong 7 ngày.",
            "If that was wrong, another person who may can enable it within 7 days."},
    Meaning{"role_revoke", finding::Severity::high, "Vai trò có thẩm quyền của {} đã bị thu hồi",
            "A role that decides for two was taken from {}",
            "Nếu không đúng, một người khác có thẩm quyền có thể giao lại trong 7 ngày.",
            "If that was wrong, another person who may can give it back within 7 days."},
    Meaning{"agent_removed_without_code", finding::Severity::high, "luy-agent bị gỡ khỏi máy không có mã ({})",
            "luy-agent was removed without a code ({})",
            "Máy không còn được giám sát. Hãy hỏi người gỡ, rồi cài và ghi danh lại, hoặc ngừng sử dụng máy trong sổ.",
            "The machine is not watched any more. Ask who removed it, then install and enrol it again, or retire it."},
    Meaning{two_places_act, finding::Severity::medium, "Tài khoản {} được dùng ở hai nơi",
            "The account {} is used in two places",
            "Hãy hỏi chủ tài khoản; nếu không phải họ, khóa tài khoản và cấp lại mật khẩu (Điều 10.1).",
            "Ask its owner; if it was not them, disable the account and issue a new password (article 10.1)."},
};

std::string filled(std::string_view pattern, const std::string& name) {
  std::string out(pattern);
  if (const auto at = out.find("{}"); at != std::string::npos) out.replace(at, 2, name);
  return out;
}

}  // namespace

std::optional<Report> alarm_of(const evidence::Record& record, const AgencyId& top,
                               const std::function<std::string(const AccountId&)>& username_of) {
  // Most records are none: looked at before anything is parsed.
  const std::string_view raw(record.raw);
  if (raw.find("\"alert\"") == std::string_view::npos && raw.find(two_places_act) == std::string_view::npos) {
    return std::nullopt;
  }
  const auto entry = audit_entry_json(record);
  if (!entry) return std::nullopt;
  const std::string act = text_in(*entry, "act");
  if (!entry->at("alarm").as_bool() && act != two_places_act) return std::nullopt;
  const std::string object = text_in(*entry, "object");
  std::optional<AccountId> account;
  if (object.starts_with(account_prefix)) account = AccountId::parse(object.substr(account_prefix.size()));
  const std::string name = account ? username_of(*account) : std::string();
  const Meaning* meaning = nullptr;
  for (const Meaning& one : meanings) {
    if (one.act == act) meaning = &one;
  }
  Report out;
  out.kind = finding::Kind::account;
  out.group_key = act + "|" + (object.empty() ? "hub" : object);
  out.severity = meaning != nullptr ? meaning->severity : finding::Severity::high;
  const std::string shown = name.empty() ? object : name;
  out.title = meaning != nullptr ? finding::Text{filled(meaning->title_vi, shown), filled(meaning->title_en, shown)}
                                 : finding::Text{act + ": " + shown, act + ": " + shown};
  if (meaning != nullptr) out.story = {std::string(meaning->story_vi), std::string(meaning->story_en)};
  const auto agency = AgencyId::parse(split_source(record.source).agency);
  out.agency = agency ? *agency : top;
  if (!name.empty()) out.entities.push_back({finding::EntityType::account, name});
  if (const std::string address = text_in(*entry, "address"); !address.empty()) {
    out.entities.push_back({finding::EntityType::address, address});
  }
  out.seqs = {record.seq};
  out.first = out.last = from_rfc3339(text_in(*entry, "at")).value_or(record.received);
  return out;
}

}  // namespace luy::hub
