#include "premises/line_rows.h"

#include <sstream>

#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using records::Connection;
using records::Param;
using records::Row;

Param maybe(const std::optional<Time>& time) {
  return time ? Param(to_micros(*time)) : Param();
}
// Borrows `text`, which is the day's.
Param maybe(const std::optional<Day>& day, const std::string& text) {
  return day ? Param(text) : Param();
}
std::string text_of_day(const std::optional<Day>& day) {
  return day ? to_iso(*day) : std::string();
}
std::optional<Time> time_of(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(from_micros(row.integer(column)));
}
std::optional<Day> day_of_row(const Row& row, int column) {
  return row.null(column) ? std::nullopt : day_from_iso(row.text(column));
}

std::string joined(const std::vector<Prefix>& all) {
  std::string out;
  for (const Prefix& one : all) out += (out.empty() ? "" : " ") + text_of(one);
  return out;
}

}  // namespace

Result<std::vector<Subnet>> load_subnets(Connection& c) {
  std::vector<Subnet> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, range, purpose, gateway, vlan, dedicated, agreed_with, agreed_on, document, note, "
              "changed_by, "
              "changed_at_us, removed_at_us, version FROM premises_subnet",
              {}, [&](const Row& row) {
                Subnet one;
                one.id = SubnetId::trusted(row.text(0));
                one.agency = AgencyId::trusted(row.text(1));
                one.range = prefix_of(row.text(2)).value_or(Prefix{});
                one.purpose = row.text(3);
                one.gateway = row.text(4);
                if (!row.null(5)) one.vlan = row.integer(5);
                one.is_dedicated = row.integer(6) != 0;
                one.agreed_with = row.text(7);
                one.agreed_on = day_of_row(row, 8);
                one.document = row.text(9);
                one.note = row.text(10);
                one.changed_by = row.text(11);
                one.changed_at = from_micros(row.integer(12));
                one.removed_at = time_of(row, 13);
                one.version = row.integer(14);
                out.push_back(std::move(one));
              }));
  return out;
}

Result<std::vector<Line>> load_lines(Connection& c) {
  std::vector<Line> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, kind, name, provider, mbps, exits, router, terms, note, changed_by, told_change_us, "
              "noticed_on, notice_document, noticed_at_us, ended_at_us, end_reason, version FROM premises_line",
              {}, [&](const Row& row) {
                Line one;
                one.id = LineId::trusted(row.text(0));
                one.agency = AgencyId::trusted(row.text(1));
                one.kind = line_kind_from_name(row.text(2)).value_or(LineKind::other);
                one.name = row.text(3);
                one.provider = row.text(4);
                one.mbps = row.integer(5);
                std::istringstream exits{std::string(row.text(6))};
                for (std::string text; exits >> text;) {
                  if (const auto exit = prefix_of(text)) one.exits.push_back(*exit);
                }
                one.router = row.text(7);
                one.terms = row.text(8);
                one.note = row.text(9);
                one.changed_by = row.text(10);
                one.told_change_at = from_micros(row.integer(11));
                one.noticed_on = day_of_row(row, 12);
                one.notice_document = row.text(13);
                one.noticed_at = time_of(row, 14);
                one.ended_at = time_of(row, 15);
                one.end_reason = row.text(16);
                one.version = row.integer(17);
                out.push_back(std::move(one));
              }));
  return out;
}

Result<void> save(Connection& c, const Subnet& one) {
  const std::string agreed_on = text_of_day(one.agreed_on);
  LUY_TRY_VOID(c.run("DELETE FROM premises_subnet WHERE id = $1", {one.id.text()}));
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_subnet (id, agency, range, purpose, gateway, vlan, dedicated, agreed_with, agreed_on, "
      "document, note, changed_by, changed_at_us, removed_at_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13, $14, $15)",
      {one.id.text(), one.agency.text(), text_of(one.range), one.purpose, one.gateway,
       one.vlan ? Param(*one.vlan) : Param(), std::int64_t{one.is_dedicated}, one.agreed_with,
       maybe(one.agreed_on, agreed_on), one.document, one.note, one.changed_by, to_micros(one.changed_at),
       maybe(one.removed_at), one.version}));
  return {};
}

Result<void> save(Connection& c, const Line& one) {
  const std::string noticed_on = text_of_day(one.noticed_on);
  LUY_TRY_VOID(c.run("DELETE FROM premises_line WHERE id = $1", {one.id.text()}));
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_line (id, agency, kind, name, provider, mbps, exits, router, terms, note, changed_by, "
      "told_change_us, noticed_on, notice_document, noticed_at_us, ended_at_us, end_reason, version) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
      {one.id.text(), one.agency.text(), name_of(one.kind), one.name, one.provider, one.mbps, joined(one.exits),
       one.router, one.terms, one.note, one.changed_by, to_micros(one.told_change_at),
       maybe(one.noticed_on, noticed_on), one.notice_document, maybe(one.noticed_at), maybe(one.ended_at),
       one.end_reason, one.version}));
  return {};
}

Result<Subnet> checked(Subnet one, Day today) {
  const int bits_max = one.range.is_v6 ? 128 : 32;
  if (one.range.bits == 0 || one.range.bits >= bits_max || network_of(one.range) != one.range) {
    return Error(subnet_invalid, "dải địa chỉ", "the range");
  }
  LUY_TRY(one.purpose, clean_text(one.purpose, {"purpose", name_bytes_max, false}));
  if (!one.gateway.empty()) {
    const auto gateway = prefix_of(one.gateway);
    if (!gateway || one.gateway.find('/') != std::string::npos || !contains(one.range, *gateway)) {
      return Error(subnet_invalid, "cổng ra", "the gateway");
    }
    one.gateway = text_of(*gateway);
  }
  if (one.vlan && (*one.vlan < 1 || *one.vlan > 4094)) return Error(subnet_invalid, "VLAN", "the VLAN");
  if (one.agreed_on && *one.agreed_on > today) return Error(subnet_invalid, "ngày thống nhất", "the day of agreement");
  LUY_TRY(one.agreed_with, clean_text(one.agreed_with, {"agreed_with"}));
  LUY_TRY(one.document, clean_text(one.document, {"document"}));
  LUY_TRY(one.note, clean_text(one.note, {"note", note_bytes_max, true, Suspect::mixed}));
  return one;
}

Result<Line> checked(Line one) {
  LUY_TRY(one.name, clean_text(one.name, {"name", name_bytes_max, false}));
  LUY_TRY(one.provider, clean_text(one.provider, {"provider"}));
  LUY_TRY(one.router, clean_text(one.router, {"router", note_bytes_max}));
  LUY_TRY(one.terms, clean_text(one.terms, {"terms", note_bytes_max}));
  LUY_TRY(one.note, clean_text(one.note, {"note", note_bytes_max, true, Suspect::mixed}));
  if (one.mbps < 0 || one.mbps > 1'000'000) return Error(line_invalid, "băng thông", "the bandwidth");
  if (one.exits.size() > exits_max) return Error(line_invalid, "quá nhiều địa chỉ ra ngoài", "too many exit addresses");
  for (Prefix& exit : one.exits) exit = network_of(exit);
  return one;
}

json::object noted(const Subnet& one) {
  return {{"subnet", one.id.text()},
          {"range", text_of(one.range)},
          {"purpose", one.purpose},
          {"gateway", one.gateway},
          {"vlan", one.vlan ? json::value(*one.vlan) : json::value(nullptr)},
          {"dedicated", one.is_dedicated},
          {"agreed_with", one.agreed_with},
          {"agreed_on", day_json(one.agreed_on)},
          {"document", one.document},
          {"note", one.note}};
}

json::object noted(const Line& one) {
  return {{"line", one.id.text()},
          {"kind", name_of(one.kind)},
          {"name", one.name},
          {"provider", one.provider},
          {"mbps", one.mbps},
          {"exits", joined(one.exits)},
          {"router", one.router},
          {"terms", one.terms},
          {"note", one.note},
          {"noticed_on", day_json(one.noticed_on)},
          {"notice_document", one.notice_document}};
}

}  // namespace luy::premises
