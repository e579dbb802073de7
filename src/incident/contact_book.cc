#include "incident/contact_book.h"

#include <algorithm>

#include "incident/move.h"
#include "incident/part.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

constexpr std::string_view columns =
    "id, body, added_at, added_by, reached_since, verified_at, verified_by, verified_how";
constexpr std::size_t phone_digits_min = 3;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

json::object to_json(const ContactFields& fields) {
  json::object out;
  out["body"] = fields.body;
  out["kind"] = fields.kind;
  out["person"] = fields.person;
  out["position"] = fields.position;
  out["phone"] = fields.phone;
  out["email"] = fields.email;
  out["channel"] = fields.channel;
  out["around_the_clock"] = fields.is_around_the_clock;
  out["note"] = fields.note;
  return out;
}

ContactFields fields_from(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  ContactFields out;
  if (error || !parsed.is_object()) return out;
  const json::object& object = parsed.get_object();
  out.body = text_at(object, "body");
  out.kind = text_at(object, "kind");
  out.person = text_at(object, "person");
  out.position = text_at(object, "position");
  out.phone = text_at(object, "phone");
  out.email = text_at(object, "email");
  out.channel = text_at(object, "channel");
  const json::value* clock = object.if_contains("around_the_clock");
  out.is_around_the_clock = clock != nullptr && clock->is_bool() && clock->get_bool();
  out.note = text_at(object, "note");
  return out;
}

Contact read(const records::Row& row) {
  Contact out;
  out.id = ContactId::trusted(row.text(0));
  out.fields = fields_from(row.text(1));
  out.added_at = from_micros(row.integer(2));
  out.added_by = row.text(3);
  out.reached_since = from_micros(row.integer(4));
  if (!row.null(5)) {
    out.verification =
        Contact::Verification{from_micros(row.integer(5)), std::string(row.text(6)), std::string(row.text(7))};
  }
  return out;
}

Result<Contact> load(records::Connection& c, const ContactId& id) {
  std::optional<Contact> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_contact WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read(row); }));
  if (!out) return Error(contact_unknown);
  return *std::move(out);
}

Result<void> save(records::Connection& c, const Contact& contact) {
  const std::string body = json::serialize(to_json(contact.fields));
  const auto& verification = contact.verification;
  const auto at = verification ? std::optional(to_micros(verification->at)) : std::optional<std::int64_t>();
  const std::string by = verification ? verification->by : "", how = verification ? verification->how : "";
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_contact (id, body, added_at, added_by, reached_since, verified_at, verified_by, "
            "verified_how) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET body = excluded.body, "
            "reached_since = excluded.reached_since, verified_at = excluded.verified_at, "
            "verified_by = excluded.verified_by, verified_how = excluded.verified_how",
            {std::string_view(contact.id.text()), std::string_view(body), to_micros(contact.added_at),
             std::string_view(contact.added_by), to_micros(contact.reached_since), records::nullable(at),
             std::string_view(by), std::string_view(how)}));
  return {};
}

bool is_phone(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.find_first_not_of("0123456789+-(). /;,") == std::string_view::npos &&
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit)) >= phone_digits_min;
}

// One @ between a name and a domain: whether somebody reads it, only a verification says.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  return text.find(' ') == std::string_view::npos && domain.find('.') != std::string_view::npos &&
         domain.front() != '.' && domain.back() != '.';
}

bool is_reached_alike(const ContactFields& a, const ContactFields& b) {
  return a.person == b.person && a.phone == b.phone && a.email == b.email && a.channel == b.channel;
}

directory::AuditEntry entry_of(const char* act, const ContactId& id) {
  directory::AuditEntry out;
  out.act = act;
  if (!id.empty()) out.object = "contact:" + id.text();
  return out;
}

}  // namespace

std::optional<Time> verified_until(const Contact& contact, const ContactRules& rules) {
  if (!contact.verification) return std::nullopt;
  return contact.verification->at + rules.verify;
}

bool is_verified_on(const Contact& contact, const ContactRules& rules, Day day) {
  if (!contact.verification) return false;
  return day_of(contact.verification->at) <= day && day <= day_of(*verified_until(contact, rules));
}

Delivery delivery_to(const Contact& contact, const ContactRules& rules, const Delivery& given) {
  Delivery out = given;
  const ContactFields& fields = contact.fields;
  if (out.to.empty()) out.to = fields.person.empty() ? fields.body : fields.body + " (" + fields.person + ")";
  if (out.channel.empty()) out.channel = fields.channel;
  out.contact = contact.id.text();
  out.is_verified = out.channel == fields.channel && is_verified_on(contact, rules, day_of(given.at));
  return out;
}

Result<ContactFields> ContactBook::checked(const ContactFields& fields) const {
  const auto line = [](const std::string& text) {
    std::string out = clean_text(text, contact_line_bytes_max);
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
  };
  ContactFields out{line(fields.body),
                    fields.kind,
                    line(fields.person),
                    line(fields.position),
                    line(fields.phone),
                    line(fields.email),
                    line(fields.channel),
                    fields.is_around_the_clock,
                    clean_text(fields.note, text_bytes_max)};
  Text missing;
  const auto want = [&](bool is_missing, const char* vi, const char* en) {
    if (!is_missing) return;
    missing.vi += (missing.vi.empty() ? "" : ", ") + std::string(vi);
    missing.en += (missing.en.empty() ? "" : ", ") + std::string(en);
  };
  want(out.body.empty(), "tên cơ quan, tổ chức", "the body");
  want(out.phone.empty() && out.email.empty(), "số điện thoại hoặc thư điện tử", "a telephone number or an e-mail");
  want(out.channel.empty(), "kênh liên lạc an toàn", "the secure channel");
  if (!missing.vi.empty()) return Error(text_missing, missing.vi, missing.en);
  if (find_choice(d_.process.contacts.kinds, out.kind) == nullptr) {
    return Error(unknown_choice, clean_text(out.kind, 60));
  }
  if (!out.phone.empty() && !is_phone(out.phone)) return Error(part_field, "số điện thoại", "the telephone number");
  if (!out.email.empty() && !is_email(out.email)) return Error(part_field, "thư điện tử", "the e-mail");
  return out;
}

Result<Contact> ContactBook::add(const Actor& actor, const ContactFields& fields) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Contact> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::contact_manage, actor.place));
    std::int64_t count = 0;
    LUY_TRY_VOID(
        c.query("SELECT COUNT(*) FROM incident_contact", {}, [&](const records::Row& row) { count = row.integer(0); }));
    if (count >= static_cast<std::int64_t>(contacts_max)) return Error(too_many, "đầu mối liên hệ", "contacts");
    Contact out;
    LUY_TRY(out.fields, checked(fields));
    const Time now = d_.clock.now();
    out.id = ContactId::make(now, d_.random);
    out.added_at = out.reached_since = now;
    out.added_by = actor.name;
    LUY_TRY_VOID(save(c, out));
    done.object = "contact:" + out.id.text();
    done.after = to_json(out.fields);
    return out;
  };
  return d_.audit.perform(actor.caller, entry_of("contact_add", {}), work);
}

Result<Contact> ContactBook::change(const Actor& actor, const ContactId& id, const ContactFields& fields) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Contact> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::contact_manage, actor.place));
    LUY_TRY(Contact out, load(c, id));
    done.before = to_json(out.fields);
    const ContactFields before = out.fields;
    LUY_TRY(out.fields, checked(fields));
    if (!is_reached_alike(before, out.fields)) {
      out.verification.reset();
      out.reached_since = d_.clock.now();
    }
    LUY_TRY_VOID(save(c, out));
    done.after = to_json(out.fields);
    return out;
  };
  return d_.audit.perform(actor.caller, entry_of("contact_change", id), work);
}

Result<Contact> ContactBook::verify(const Actor& actor, const ContactId& id, const std::string& how, Time at) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Contact> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::contact_manage, actor.place));
    LUY_TRY(Contact out, load(c, id));
    const std::string said = clean_text(how, text_bytes_max);
    if (said.empty()) return Error(text_missing, "cách xác minh", "how it was verified");
    const Time now = d_.clock.now();
    if (at > now + skew_max) return Error(time_in_future, moment_text(at));
    // People enter minutes.
    if (at < std::chrono::floor<std::chrono::minutes>(out.reached_since)) {
      return Error(contact_verified_early, moment_text(at));
    }
    out.verification = Contact::Verification{std::min(at, now), actor.name, said};
    LUY_TRY_VOID(save(c, out));
    done.after["body"] = out.fields.body;
    done.after["verified_at"] = to_rfc3339(out.verification->at);
    done.after["how"] = said;
    return out;
  };
  return d_.audit.perform(actor.caller, entry_of("contact_verify", id), work);
}

Result<void> ContactBook::remove(const Actor& actor, const ContactId& id) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<void> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::contact_manage, actor.place));
    LUY_TRY(const Contact known, load(c, id));
    done.before = to_json(known.fields);
    LUY_TRY_VOID(c.run("DELETE FROM incident_contact WHERE id = $1", {std::string_view(id.text())}));
    return {};
  };
  return d_.audit.perform(actor.caller, entry_of("contact_remove", id), work);
}

Result<Contact> ContactBook::find(const ContactId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<Contact>> ContactBook::list() const {
  std::vector<Contact> out;
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query("SELECT " + std::string(columns) + " FROM incident_contact ORDER BY id", {},
                   [&](const records::Row& row) { out.push_back(read(row)); });
  }));
  std::stable_sort(out.begin(), out.end(), [](const Contact& a, const Contact& b) {
    return std::tie(a.fields.body, a.fields.person) < std::tie(b.fields.body, b.fields.person);
  });
  return out;
}

}  // namespace luy::incident
