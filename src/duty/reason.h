// Why a verdict is what it is, in both languages, from one table. A reason is a code and arguments; the arguments are
// neutral (numbers and times in decimal, texts as they are), so that stored reasons can be told in either language for
// ever, and the table is also the list of all there is to say.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "duty/verdict.h"
#include "regulation/pack.h"

namespace luy::duty {

enum class Code : std::uint8_t {
  not_reported,
  stale,
  class_exempt,
  no_device,
  no_record,
  budget_kept,
  budget_cpu,
  budget_memory,
  budget_short,
  software_kept,
  software_unapproved,
  software_ending,
  software_ended,
  patches_none,
  patches_pending,
  patches_due,
  patches_maybe_critical,
  patches_overdue,
  patches_not_known,
  lists_absent,
  lists_undated,
  lists_due,
  lists_stale,
  antivirus_kept,
  antivirus_none,
  antivirus_stopped,
  antivirus_undated,
  antivirus_due,
  antivirus_stale,
  scan_kept,
  scan_due,
  scan_overdue,
  scan_never,
  scan_no_antivirus,
  scan_unreadable,
  lan_joined,
  lan_not_joined,
  lan_unclear,
  lan_shares,
  lan_server,
  lan_server_guest,
  password_kept,
  password_no_login,
  password_empty,
  password_weak,
  password_method_unknown,
  password_undated,
  password_due,
  password_overdue,
  password_unreadable,
  password_settings_unreported,
  password_settings_unknown,
  password_settings_wrong,
  password_unregistered,
  password_unrecorded,
  password_recorded,
  password_record_due,
  password_record_overdue,
  wifi_kept,
  wifi_unregistered,
  wifi_weak,
  wifi_unclear,
  wifi_key_due,
  wifi_key_overdue,
  wifi_key_unknown,
  wifi_key_unproved,
  wifi_absent,
  network_none,
  network_single,
  network_dedicated_only,
  network_outside,
  network_bridge,
  network_terms_missing,
  network_two_ways,  // No longer given; stored pasts hold it.
  network_ways_unclear,
  network_undeclared,
  issued_changed,
  issued_waiting,
  issued_due,
  issued_overdue,
  issued_used,
  issued_none,
  issued_unknown,
  disk_kept,  // No longer given; stored pasts hold it.
  disk_encrypted,
  disk_plain,
  disk_none,
  monitoring_kept,
  monitoring_due,
  monitoring_silent,
  monitoring_never,
  monitoring_clock,
  log_kept,
  log_kept_so_far,
  log_kept_hub_off,
  log_none,
  log_missing,
  log_gap,
  log_dropped,
  log_damaged,
  account_kept,
  account_locked,
  account_none,
  account_keys_unknown,
  account_no_owner,
  account_owner_gone,
  account_shared,
  account_no_person,
  account_due,
  account_dormant,
  secrecy_kept,
  secrecy_unused,
  secrecy_two_places,
  secrecy_unwatched,
  secrecy_not_measured,
  triage_kept,
  triage_kept_late,
  triage_waiting,
  triage_overdue,
  triage_none,
  triage_unarmed,
  records_kept,
  records_waiting,
  records_overdue,
  records_open,
  records_ahead,
  records_none,
  services_kept,
  services_down,
  services_slow,
  services_changed,
  services_announced,
  services_unknown,
  services_none,
  detections_waiting,
  detections_overdue,
  detections_handled,
  detections_clear,
  detections_unwatched,
};
inline constexpr std::size_t code_count = static_cast<std::size_t>(Code::detections_unwatched) + 1;

// "{0}" stands for the first argument as it is; "{0:number}" a decimal (comma in Vietnamese), "{0:day}" and "{0:time}"
// microseconds since 1970 as a day or a moment in Vietnam.
struct Template {
  Code code;
  std::string_view name;  // Stored and sent: never renamed.
  std::string_view vi;
  std::string_view en;
};
std::span<const Template> templates();

std::string_view name_of(Code code);
std::optional<Code> code_from_name(std::string_view name);

// The arguments of a reason in one string, packed with a character that no argument holds.
class Arguments {
 public:
  Arguments& text(std::string_view value);  // Cut at argument_bytes_max; control characters become '?'.
  Arguments& number(std::int64_t value);
  Arguments& decimal(double value);  // One digit after the point.
  Arguments& time(Time value);

  const std::string& packed() const { return packed_; }
  static std::vector<std::string> unpack(std::string_view packed);

 private:
  std::string packed_;
  bool empty_ = true;
  void separate();
};
inline constexpr std::size_t argument_bytes_max = 200;

// Whole sentences. An unknown code (of a newer version's database) is shown as it is.
regulation::Text to_text(const Reason& reason);

}  // namespace luy::duty
