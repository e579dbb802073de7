#include "people/store/leave_store.h"

#include <map>

namespace luy::people::store {
namespace {

std::optional<std::int64_t> micros(const std::optional<Time>& time) {
  return time ? std::optional(to_micros(*time)) : std::nullopt;
}

std::optional<Time> time_at(const records::Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(from_micros(row.integer(column)));
}

Leave leave_from(const records::Row& row) {
  Leave out;
  out.id = LeaveId::trusted(row.text(0));
  out.number = row.text(1);
  out.person = PersonId::trusted(row.text(2));
  out.person_name = row.text(3);
  out.kind = leave_kind_from_name(row.text(4)).value_or(LeaveKind::leave);
  out.agency = AgencyId::trusted(row.text(5));
  if (!row.null(6)) out.to = AgencyId::trusted(row.text(6));
  out.last_day = day_from_iso(row.text(7)).value_or(Day());
  out.reason = row.text(8);
  out.state = leave_state_from_name(row.text(9)).value_or(LeaveState::open);
  out.opened_at = from_micros(row.integer(10));
  out.opened_by = {std::string(row.text(11)), std::string(row.text(12))};
  out.ended_at = time_at(row, 13);
  out.closed_at = time_at(row, 14);
  out.close_act = row.text(15);
  return out;
}

LeaveItem item_from(const records::Row& row) {
  LeaveItem out;
  out.id = LeaveItemId::trusted(row.text(1));
  out.kind = item_kind_from_name(row.text(2)).value_or(ItemKind::other_account);
  out.ref = row.text(3);
  out.name = row.text(4);
  out.system = row.text(5);
  out.owner = {std::string(row.text(6)), std::string(row.text(7))};
  out.state = item_state_from_name(row.text(8)).value_or(ItemState::open);
  out.done_at = time_at(row, 9);
  out.done_by = {std::string(row.text(10)), std::string(row.text(11))};
  out.how = row.text(12);
  if (!row.null(13)) out.seq = static_cast<std::uint64_t>(row.integer(13));
  return out;
}

}  // namespace

Result<std::vector<Leave>> leaves(records::Connection& c, std::string_view condition,
                                  std::initializer_list<records::Param> params) {
  std::vector<Leave> out;
  LUY_TRY_VOID(
      c.query("SELECT id, number, person, person_name, kind, agency, to_agency, last_day, reason, state, opened_at_us, "
              "opened_by, opened_by_name, ended_at_us, closed_at_us, close_act FROM people_leave l " +
                  std::string(condition) + " ORDER BY l.id DESC",
              params, [&](const records::Row& row) { out.push_back(leave_from(row)); }));
  std::map<std::string, Leave*, std::less<>> by_id;
  for (Leave& one : out) by_id.emplace(one.id.text(), &one);
  LUY_TRY_VOID(c.query(
      "SELECT i.leave, i.id, i.kind, i.ref, i.name, i.system, i.owner, i.owner_name, i.state, i.done_at_us, i.done_by, "
      "i.done_by_name, i.how, i.seq FROM people_leave_item i JOIN people_leave l ON l.id = i.leave " +
          std::string(condition) + " ORDER BY i.id",
      params, [&](const records::Row& row) {
        const auto found = by_id.find(row.text(0));
        if (found != by_id.end()) found->second->items.push_back(item_from(row));
      }));
  return out;
}

Result<void> save(records::Connection& c, const Leave& leave) {
  const std::string last_day = to_iso(leave.last_day);
  const auto to = leave.to ? std::optional(leave.to->text()) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO people_leave (id, number, person, person_name, kind, agency, to_agency, last_day, reason, "
            "state, opened_at_us, opened_by, opened_by_name, ended_at_us, closed_at_us, close_act) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO UPDATE "
            "SET state = excluded.state, ended_at_us = excluded.ended_at_us, closed_at_us = excluded.closed_at_us, "
            "close_act = excluded.close_act",
            {std::string_view(leave.id.text()), std::string_view(leave.number), std::string_view(leave.person.text()),
             std::string_view(leave.person_name), name_of(leave.kind), std::string_view(leave.agency.text()),
             records::nullable(to), std::string_view(last_day), std::string_view(leave.reason), name_of(leave.state),
             to_micros(leave.opened_at), std::string_view(leave.opened_by.id), std::string_view(leave.opened_by.name),
             records::nullable(micros(leave.ended_at)), records::nullable(micros(leave.closed_at)),
             std::string_view(leave.close_act)}));
  return {};
}

Result<void> save(records::Connection& c, const LeaveId& leave, const LeaveItem& item) {
  const auto seq = item.seq ? std::optional(static_cast<std::int64_t>(*item.seq)) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO people_leave_item (leave, id, kind, ref, name, system, owner, owner_name, state, done_at_us, "
            "done_by, done_by_name, how, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, done_at_us = excluded.done_at_us, "
            "done_by = excluded.done_by, done_by_name = excluded.done_by_name, how = excluded.how, seq = excluded.seq",
            {std::string_view(leave.text()), std::string_view(item.id.text()), name_of(item.kind),
             std::string_view(item.ref), std::string_view(item.name), std::string_view(item.system),
             std::string_view(item.owner.id), std::string_view(item.owner.name), name_of(item.state),
             records::nullable(micros(item.done_at)), std::string_view(item.done_by.id),
             std::string_view(item.done_by.name), std::string_view(item.how), records::nullable(seq)}));
  return {};
}

}  // namespace luy::people::store
