#include "seal/trust.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "seal/http_call.h"
#include "signature/ocsp.h"

namespace luy::seal {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// What a fetched list is called; beside it, with ".from", the address it came from. The address is no list, so it
// stands in a folder of its own.
constexpr std::string_view fetched_prefix = "fetched-";

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && out.size() < trust_folder_files_max) out.push_back(at->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The first problem stays.
void note(std::optional<Error>& problem, const Error& error) {
  if (!problem) problem = error;
}

std::vector<signature::Certificate> certificates_of(const fs::path& folder, std::optional<Error>& problem) {
  std::vector<signature::Certificate> out;
  for (const fs::path& file : files_of(folder)) {
    const auto bytes = read_file(file, signature::revocation_list_bytes_max);
    auto some =
        bytes ? signature::read_certificates(*bytes) : Result<std::vector<signature::Certificate>>(bytes.error());
    if (!some) {
      note(problem, Error(some.error().kind(), file.filename().string() + ": " + some.error().detail()));
      continue;
    }
    out.insert(out.end(), some->begin(), some->end());
  }
  return out;
}

fs::path name_for(const signature::RevocationList& list) {
  return std::string(fetched_prefix) + to_hex(sha256(list.issuer)).substr(0, 24) + ".crl";
}

bool is_allowed(const HttpAddress& to, const std::vector<std::string>& hosts) {
  const bool is_usual = to.port == (to.is_tls ? "443" : "80");
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& one) {
    return one == to.host + ":" + to.port || (is_usual && one == to.host);
  });
}

Result<std::vector<std::string>> texts(const json::object& object, std::string_view key, std::size_t most) {
  std::vector<std::string> out;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr) return out;
  if (!found->is_array() || found->get_array().size() > most) return Error(bad_fetch_file, std::string(key));
  for (const json::value& one : found->get_array()) {
    if (!one.is_string() || one.get_string().empty() || one.get_string().size() > 2000) {
      return Error(bad_fetch_file, std::string(key));
    }
    out.emplace_back(one.get_string().c_str());
  }
  return out;
}

}  // namespace

Result<FetchRules> TrustDesk::rules() const {
  FetchRules out;
  const fs::path file = folder_ / "fetch.json";
  std::error_code error;
  if (!fs::exists(file, error)) return out;
  LUY_TRY(const std::string bytes, read_file(file, fetch_file_bytes_max));
  boost::system::error_code failure;
  json::parse_options limits;
  limits.max_depth = 4;
  const json::value parsed = json::parse(json::string_view(bytes.data(), bytes.size()), failure, {}, limits);
  if (failure || !parsed.is_object()) return Error(bad_fetch_file, "JSON");
  const json::object& object = parsed.get_object();
  for (const auto& [key, value] : object) {
    if (key != "hosts" && key != "lists") return Error(bad_fetch_file, std::string(key));
  }
  LUY_TRY(out.hosts, texts(object, "hosts", fetch_hosts_max));
  LUY_TRY(out.lists, texts(object, "lists", fetch_lists_max));
  for (const std::string& url : out.lists) {
    if (!http_address_of(url)) return Error(bad_fetch_file, "lists: " + url);
  }
  return out;
}

TrustState TrustDesk::state() const {
  TrustState out;
  {
    const std::lock_guard lock(telling_);
    out.last_at = last_at_;
    out.problem = problem_;
  }
  out.anchors = certificates_of(folder_ / "anchors", out.problem);
  out.issuers = certificates_of(folder_ / "issuers", out.problem);
  out.has_ocsp = !files_of(folder_ / "ocsp").empty();
  const Time now = clock_.now();
  for (const fs::path& file : files_of(folder_ / "crls")) {
    const auto bytes = read_file(file, signature::revocation_list_bytes_max);
    auto list = bytes ? signature::read_revocation_list(*bytes) : Result<signature::RevocationList>(bytes.error());
    if (!list) {
      note(out.problem, Error(list.error().kind(), file.filename().string() + ": " + list.error().detail()));
      continue;
    }
    const std::string name = file.filename().string();
    const auto from = name.starts_with(fetched_prefix)
                          ? read_file(folder_ / "fetched" / (name + ".from"), fetch_file_bytes_max)
                          : Result<std::string>(Error(file_not_found, name));
    const bool is_stale = list->is_stale(now);
    out.lists.push_back({*std::move(list), is_stale, from ? *from : name});
  }
  const auto allowed = rules();
  if (allowed) {
    out.hosts = allowed->hosts;
    out.has_ocsp = out.has_ocsp || !out.hosts.empty();
  } else {
    note(out.problem, allowed.error());
  }
  return out;
}

Result<void> TrustDesk::take(const std::string& url, const TrustState& known) {
  const auto to = http_address_of(url);
  if (!to) return Error(list_unreachable, url);
  LUY_TRY(const std::string bytes,
          http_call({*to, false, {}, {}, signature::revocation_list_bytes_max}, list_unreachable));
  LUY_TRY(const signature::RevocationList list, signature::read_revocation_list(bytes));
  const auto has_signed = [&](const signature::Certificate& one) { return signature::is_signed_by(list, one); };
  const bool is_known = std::any_of(known.anchors.begin(), known.anchors.end(), has_signed) ||
                        std::any_of(known.issuers.begin(), known.issuers.end(), has_signed);
  if (!is_known) return Error(list_foreign, url);
  // An older list could hide a revocation.
  const fs::path name = name_for(list);
  const auto there = read_file(folder_ / "crls" / name, signature::revocation_list_bytes_max);
  const auto before =
      there ? signature::read_revocation_list(*there) : Result<signature::RevocationList>(there.error());
  if (before && before->this_update >= list.this_update) return {};
  LUY_TRY_VOID(make_folder(folder_));
  LUY_TRY_VOID(make_folder(folder_ / "crls"));
  LUY_TRY_VOID(make_folder(folder_ / "fetched"));
  LUY_TRY_VOID(write_file_durably(folder_ / "fetched" / (name.string() + ".from"), url));
  return write_file_durably(folder_ / "crls" / name, list.der);
}

Result<void> TrustDesk::refresh() {
  const std::unique_lock lock(refreshing_, std::try_to_lock);
  if (!lock.owns_lock()) return Error(refresh_busy, "CRL");
  LUY_TRY(const FetchRules allowed, rules());
  const TrustState known = state();
  std::set<std::string> urls(allowed.lists.begin(), allowed.lists.end());
  for (const auto* all : {&known.anchors, &known.issuers}) {
    for (const signature::Certificate& one : *all) {
      for (std::string& url : signature::distribution_points(one)) urls.insert(std::move(url));
    }
  }
  std::optional<Error> problem;
  const auto deadline = std::chrono::steady_clock::now() + refresh_time_max;
  std::size_t called = 0;
  for (const std::string& url : urls) {
    const auto to = http_address_of(url);
    if (!to || !is_allowed(*to, allowed.hosts)) continue;
    if (++called > fetch_lists_max || std::chrono::steady_clock::now() > deadline || stopping_) {
      note(problem, Error(list_unreachable, url));
      break;
    }
    if (const auto taken = take(url, known); !taken) note(problem, taken.error());
  }
  const std::lock_guard telling(telling_);
  last_at_ = clock_.now();
  problem_ = problem;
  return {};
}

Result<void> TrustDesk::refresh_if_due() {
  const TrustState now_known = state();
  if (now_known.hosts.empty()) return {};
  const Time now = clock_.now();
  const Duration since = now_known.last_at ? now - *now_known.last_at : Duration::max();
  const auto ends = [&](const TrustState::List& one) {
    return one.list.next_update && *one.list.next_update < now + list_ends_soon;
  };
  const bool is_short =
      now_known.lists.empty() || now_known.problem || std::any_of(now_known.lists.begin(), now_known.lists.end(), ends);
  // A clock that was set back must not end the fetching.
  const Duration wait = is_short ? Duration(refresh_again) : Duration(refresh_period);
  if (since >= Duration::zero() && since < wait) return {};
  return refresh();
}

bool TrustDesk::is_online() const {
  const auto allowed = rules();
  return !allowed || !allowed->hosts.empty();
}

Result<std::string> TrustDesk::ask_about(const signature::Certificate& certificate,
                                         const signature::Certificate& issuer, const std::vector<std::string>& hosts) {
  const std::string key = to_hex(sha256(certificate.der));
  const Time now = clock_.now();
  {
    const std::lock_guard lock(telling_);
    const auto kept = answers_.find(key);
    if (kept != answers_.end() && kept->second.until > now) return kept->second.der;
  }
  std::optional<Error> problem;
  for (const std::string& url : signature::ocsp_addresses(certificate)) {
    const auto to = http_address_of(url);
    if (!to || !is_allowed(*to, hosts) || stopping_) continue;
    LUY_TRY(const std::string question, signature::ocsp_question(certificate, issuer));
    const auto said = http_call({*to, true, "application/ocsp-request", question, signature::ocsp_answer_bytes_max},
                                responder_unreachable);
    if (!said) {
      note(problem, said.error());
      continue;
    }
    const auto until = signature::read_ocsp_answer(*said, certificate, issuer);
    if (!until) {
      note(problem, until.error());
      continue;
    }
    if (*until) {
      const std::lock_guard lock(telling_);
      if (answers_.size() >= kept_answers_max) answers_.clear();
      answers_[key] = {*said, **until};
    }
    return *said;
  }
  if (problem) return *problem;
  return std::string();
}

OcspAnswers TrustDesk::ask(const std::vector<std::string>& chain) {
  OcspAnswers out;
  const auto allowed = rules();
  if (!allowed) {
    out.problem = allowed.error();
    return out;
  }
  if (allowed->hosts.empty()) return out;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto certificate = signature::parse_certificate(chain[i]);
    const auto issuer = signature::parse_certificate(chain[i + 1]);
    if (!certificate || !issuer) continue;
    auto said = ask_about(*certificate, *issuer, allowed->hosts);
    if (!said) {
      note(out.problem, said.error());
    } else if (!said->empty()) {
      out.der.push_back(*std::move(said));
    }
  }
  return out;
}

}  // namespace luy::seal
