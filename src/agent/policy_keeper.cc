#include "agent/policy_keeper.h"

#include "agent/note.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::agent {
namespace {

using device_policy::Policy;
using device_policy::Receipt;

// "luy-policy 1", the signature in base 64, and the document: a line each, the last without its end.
constexpr std::string_view heading = "luy-policy 1\n";
constexpr std::size_t file_bytes_max = device_policy::document_bytes_max + 256;

std::string file_text(const device_policy::SignedPolicy& policy) {
  return std::string(heading) + to_base64(policy.signature) + '\n' + policy.document;
}

std::optional<device_policy::SignedPolicy> from_file(std::string_view text) {
  if (!text.starts_with(heading)) return std::nullopt;
  text.remove_prefix(heading.size());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto signature = from_base64(text.substr(0, end));
  if (!signature) return std::nullopt;
  return device_policy::SignedPolicy{std::string(text.substr(end + 1)), *std::move(signature)};
}

}  // namespace

std::shared_ptr<const Policy> PolicyKeeper::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void PolicyKeeper::put_in_force(Policy policy) {
  auto fresh = std::make_shared<const Policy>(std::move(policy));
  const std::lock_guard lock(mutex_);
  current_ = std::move(fresh);
}

Item PolicyKeeper::receipt(Receipt receipt) const {
  Item item;
  item.record = {event::Transport::agent, std::string(device_policy::receipt_stream), device_policy::to_json(receipt)};
  if (receipt.held) {
    item.position_key = position_key(setup_.device);
    item.position = std::to_string(receipt.version);
  }
  return item;
}

Receipt PolicyKeeper::held(const Policy& policy, std::string_view document) const {
  Receipt out;
  out.version = out.held_version = policy.version;
  out.held = true;
  out.at = setup_.clock.now();
  out.vi = "Máy đã nhận và áp dụng chính sách.";
  out.en = "The machine has taken the policy and follows it.";
  out.sha256 = to_hex(sha256(document));
  out.unknown = policy.unknown;
  return out;
}

std::vector<Item> PolicyKeeper::restore(const std::string& key, const std::string& told) {
  const auto text = read_file(setup_.file, file_bytes_max);
  if (!text && text.error().is(file_not_found)) return {};
  Error why(device_policy::malformed, setup_.file.string());
  if (!text) why = text.error();
  const auto given = text ? from_file(*text) : std::nullopt;
  if (given) {
    auto policy = device_policy::accept(*given, {key, setup_.device, 0}, setup_.verify);
    if (policy) {
      std::vector<Item> items;
      // Kept, and then the machine stopped before the hub could be told.
      if (told != std::to_string(policy->version)) items.push_back(receipt(held(*policy, given->document)));
      put_in_force(*std::move(policy));
      return items;
    }
    why = policy.error();
  }
  log(LogLevel::warning, "agent", "the kept policy cannot be used; the hub is asked for it anew: " + why.text());
  std::vector<Item> items;
  items.push_back(
      make_note("policy_unusable", setup_.clock.now(), {{"code", std::string(why.name())}, {"why", why.en()}}));
  return items;
}

std::vector<Item> PolicyKeeper::refuse(const Error& error, std::string_view document) {
  const auto now = current();
  const std::string digest = to_hex(sha256(document));
  if (std::exchange(told_, digest) == digest) return {};
  log(LogLevel::warning, "agent", "a policy was refused: " + error.text());
  Receipt out;
  out.version = device_policy::claimed_version(document);
  out.held_version = now ? now->version : 0;
  out.at = setup_.clock.now();
  out.code = error.name();
  out.vi = error.vi();
  out.en = error.en();
  out.sha256 = digest;
  std::vector<Item> items;
  items.push_back(receipt(std::move(out)));
  return items;
}

std::vector<Item> PolicyKeeper::follow(std::int64_t offered) {
  const auto now = current();
  const std::int64_t held_version = now ? now->version : 0;
  if (offered == 0 || offered == held_version) return {};
  if (offered == refused_ && setup_.clock.monotonic() < refused_until_) return {};
  const auto complain = [&](const Error& error) -> std::vector<Item> {
    if (std::exchange(trouble_, error.text()) != trouble_) log(LogLevel::warning, "agent", "policy: " + error.text());
    return {};
  };
  const auto body = setup_.ask(held_version);
  if (!body) return complain(body.error());
  const auto answer = device_policy::read_answer(*body);
  if (!answer) return complain(answer.error());
  if (!answer->policy) return {};
  const auto key = setup_.pin(answer->key);
  if (!key) return complain(key.error());
  auto policy = device_policy::accept(*answer->policy, {*key, setup_.device, held_version}, setup_.verify);
  if (!policy) {
    std::vector<Item> items = refuse(policy.error(), answer->policy->document);
    refused_ = offered;
    refused_until_ = setup_.clock.monotonic() + refused_pause;
    return items;
  }
  // On disk before it is in force: what the hub was told once holds after a power cut, too.
  if (const auto kept = write_file_durably(setup_.file, file_text(*answer->policy)); !kept)
    return complain(kept.error());
  trouble_.clear();
  refused_ = 0;
  log(LogLevel::info, "agent", "policy " + std::to_string(policy->version) + " is in force");
  std::vector<Item> items;
  items.push_back(receipt(held(*policy, answer->policy->document)));
  put_in_force(*std::move(policy));
  return items;
}

}  // namespace luy::agent
