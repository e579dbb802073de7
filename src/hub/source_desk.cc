#include "hub/source_desk.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "hub/source_talk.h"

namespace luy::hub {
namespace {

using directory::SignSource;
using directory::SourceId;

void complain(const Error& error) {
  log(LogLevel::error, "hub", "sign-in sources: " + error.text());
}

TestStep good(std::string name, std::string vi, std::string en) {
  return {std::move(name), true, std::move(vi), std::move(en)};
}
TestStep bad(std::string name, const Error& error) {
  return {std::move(name), false, error.vi(), error.en()};
}

}  // namespace

SourceDesk::Parts::Parts(Dependencies dependencies)
    : d(std::move(dependencies)),
      syncs({d.database, d.directory, d.clock, d.random, {}, [this] { open_leaves(); }}),
      states(d.clock, d.random),
      oidc(d.clock) {
  d.directory.federation().ask_passwords_by(
      [this](const SignSource& source, std::string_view username, std::string_view password) {
        return check_password(source, username, password);
      });
}

Result<SourceDesk::Parts::Asked> SourceDesk::Parts::asked(const SourceId& id) const {
  LUY_TRY(SignSource source, d.directory.federation().find(id));
  const directory::SourceSettings& settings = source.settings;
  const std::string& secret = settings.ldap ? settings.ldap->secret_file : settings.oidc->secret_file;
  const std::string& ca = settings.ldap ? settings.ldap->ca_file : settings.oidc->ca_file;
  LUY_TRY(SourceFiles files, read_source_files(d.folder, secret, ca));
  return Asked{std::move(source), std::move(files)};
}

void SourceDesk::Parts::note(const SourceId& id, const std::optional<Error>& problem) {
  if (const auto noted = d.directory.federation().note_result(id, problem); !noted) complain(noted.error());
}

Result<std::string> SourceDesk::Parts::check_password(const SignSource& source, std::string_view username,
                                                      std::string_view password) {
  auto known = asked(source.id);
  if (!known) {
    note(source.id, known.error());
    return known.error();
  }
  const auto work = [settings = *known->source.settings.ldap, files = known->files, name = std::string(username),
                     secret = std::string(password)]() -> Result<std::string> {
    LUY_TRY(const auto link, LdapLink::connect(settings, files));
    LUY_TRY_VOID(link->bind());
    return link->check(name, secret);
  };
  auto answer = sign_ins.ask<std::string>(work, sign_in_wait_max);
  const bool answered = answer || answer.error().is(directory::sign_in_failed);
  if (answered) note(source.id, std::nullopt);
  if (!answered && !answer.error().is(directory::source_busy)) note(source.id, answer.error());
  return answer;
}

void SourceDesk::Parts::open_leaves() {
  const auto leaving = d.directory.people().list({std::nullopt, directory::PersonState::leaving, {}});
  const auto sources = d.directory.federation().list();
  if (!leaving || !sources) return complain(leaving ? sources.error() : leaving.error());
  for (const directory::Person& one : *leaving) {
    if (!one.external || !one.access_ended_at) continue;
    const auto source = std::find_if(sources->begin(), sources->end(),
                                     [&](const SignSource& from) { return from.id.text() == one.external->source; });
    if (source == sources->end()) continue;
    d.open_leave(one.id, one.until.value_or(day_of(d.clock.now())),
                 "Không còn trong nguồn đăng nhập " + source->settings.name);
  }
}

std::string SourceDesk::Parts::back_to(const SourceId& id) const {
  return d.own_url() + "/api/v1/sign-in/oidc/" + id.text();
}

std::string SourceDesk::Parts::keep_code(WaitingCode waiting) {
  std::array<std::uint8_t, 32> secret{};
  d.random.fill(secret);
  const std::string cookie = to_base64url(as_text(secret));
  const Time now = d.clock.now();
  waiting.until = now + code_lifetime;
  const std::lock_guard lock(mutex);
  std::erase_if(codes, [&](const auto& one) { return now >= one.second.until; });
  if (codes.size() >= codes_waiting_max) codes.erase(codes.begin());
  codes[to_hex(sha256(cookie))] = std::move(waiting);
  return cookie;
}

std::optional<WaitingCode> SourceDesk::Parts::waiting_code(const std::string& cookie) {
  const Time now = d.clock.now();
  const std::lock_guard lock(mutex);
  const auto found = codes.find(to_hex(sha256(cookie)));
  const bool living = found != codes.end() && now < found->second.until && found->second.until <= now + code_lifetime;
  if (!living) return std::nullopt;
  return found->second;
}

void SourceDesk::Parts::forget_code(const std::string& cookie) {
  const std::lock_guard lock(mutex);
  codes.erase(to_hex(sha256(cookie)));
}

SourceDesk::SourceDesk(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SourceDesk::~SourceDesk() {
  parts_->d.directory.federation().ask_passwords_by(nullptr);
}

Result<std::unique_ptr<SourceDesk>> SourceDesk::open(Dependencies dependencies) {
  LUY_TRY_VOID(make_folder(dependencies.folder));
  std::unique_ptr<SourceDesk> desk(new SourceDesk(std::make_unique<Parts>(std::move(dependencies))));
  // Of a sync after which the hub was killed.
  desk->parts_->open_leaves();
  return desk;
}

std::vector<TestStep> test_ldap(const directory::LdapSource& source, const SourceFiles& files) {
  std::vector<TestStep> out;
  auto link = LdapLink::connect(source, files);
  if (!link) return {bad("connect", link.error())};
  out.push_back(good("connect", "Kết nối được, kênh TLS do nơi cấp chứng thư đã khai báo bảo đảm.",
                     "Connected; TLS is vouched for by the authority that was named."));
  if (const auto bound = (*link)->bind(); !bound) {
    out.push_back(bad("bind", bound.error()));
    return out;
  }
  out.push_back(good("bind", "Tài khoản tra cứu đăng nhập được.", "The account that searches could sign in."));
  const auto people = (*link)->people();
  if (!people) {
    out.push_back(bad("search", people.error()));
    return out;
  }
  const std::string count = std::to_string(people->size());
  const auto keyless = std::count_if(people->begin(), people->end(),
                                     [](const directory::SyncEntry& one) { return one.subject.empty(); });
  if (people->empty() || keyless > 0) {
    const std::string without = std::to_string(keyless);
    out.push_back({"search", false,
                   "Tìm thấy " + count + " người, " + without + " người không có khóa " + source.key + ".",
                   count + " people found, " + without + " of them without the key " + source.key + "."});
    return out;
  }
  out.push_back(good("search", "Tìm thấy " + count + " người, ai cũng có khóa " + source.key + ".",
                     count + " people found, each with the key " + source.key + "."));
  return out;
}

std::vector<TestStep> test_oidc(OidcLink& link, const directory::OidcSource& source, const SourceFiles& files) {
  const auto keys = link.fetch_keys(source, files);
  if (!keys) return {bad("discovery", keys.error())};
  const std::string count = std::to_string(*keys);
  return {good("discovery", "Nhà cung cấp trả lời đúng tên của mình và chỉ dùng https.",
               "The provider answers by its own name and uses https alone."),
          good("keys", count + " khóa ký dùng được.", count + " keys for signatures are of use.")};
}

std::string cookie_value(std::string_view header, std::string_view name) {
  std::string out;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (!out.empty()) return {};
    out = pair.substr(equals + 1);
  }
  return out;
}

}  // namespace luy::hub
