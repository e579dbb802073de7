// Every check there is, in the order of regulation::Check: the one place where they are registered.
#include <array>
#include <initializer_list>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

using fact::Kind;
using inventory::Topic;
using inventory::TopicSet;
using Name = regulation::Check;

constexpr TopicSet on(std::initializer_list<Kind> kinds, std::initializer_list<Topic> topics) {
  TopicSet out;
  for (const Kind kind : kinds) out.add(kind);
  for (const Topic topic : topics) out.add(topic);
  return out;
}

constexpr bool fresh = true;

constexpr std::array<Check, regulation::check_count> checks = {{
    {Name::record, Subjects::agencies, {}, !fresh, nullptr, record_when_empty},
    {Name::agent_budget, Subjects::devices, on({Kind::agent}, {}), fresh, judge_agent_budget, no_device},
    {Name::software_approved, Subjects::devices, on({Kind::packages}, {Topic::row, Topic::software}), fresh,
     judge_software_approved, no_device},
    {Name::patches, Subjects::devices, on({Kind::updates}, {}), !fresh, judge_patches, no_device},
    {Name::antivirus, Subjects::devices, on({Kind::antivirus}, {}), fresh, judge_antivirus, no_device},
    {Name::weekly_scan, Subjects::devices, on({Kind::antivirus}, {}), !fresh, judge_weekly_scan, no_device},
    {Name::managed_lan, Subjects::devices, on({Kind::domain, Kind::shares}, {Topic::row}), fresh, judge_managed_lan,
     no_device},
    {Name::passwords, Subjects::devices, on({Kind::accounts, Kind::hardening}, {Topic::row}), fresh, judge_passwords,
     no_device},
    {Name::wifi, Subjects::networks, on({}, {Topic::wifi_register}), !fresh, judge_wifi, wifi_when_empty},
    {Name::single_homed, Subjects::devices, on({Kind::interfaces}, {}), fresh, judge_single_homed, no_device},
    {Name::first_password, Subjects::issued_accounts, on({Kind::accounts}, {}), !fresh, judge_first_password,
     first_password_when_empty},
    {Name::disk_encryption, Subjects::devices, on({Kind::disks}, {}), fresh, judge_disk_encryption, no_device},
    {Name::monitoring, Subjects::devices, on({}, {Topic::row, Topic::seen}), !fresh, judge_monitoring, no_device},
    {Name::log_days, Subjects::devices, on({}, {Topic::row, Topic::seen}), !fresh, judge_log_days, no_device},
    {Name::account_control, Subjects::login_accounts, on({Kind::accounts}, {Topic::row}), fresh, judge_account_control,
     no_device},
    {Name::account_secrecy, Subjects::product_accounts, {}, !fresh, judge_account_secrecy, account_secrecy_when_empty},
    {Name::triage, Subjects::agencies, {}, !fresh, nullptr, triage_when_empty},
    {Name::services, Subjects::agencies, {}, !fresh, nullptr, services_when_empty},
    {Name::detections, Subjects::devices, on({}, {Topic::row}), !fresh, judge_detections, no_device},
}};

}  // namespace

const Check* find_check(regulation::Check check) {
  for (const Check& one : checks) {
    if (one.check == check) return &one;
  }
  return nullptr;
}

}  // namespace luy::duty
