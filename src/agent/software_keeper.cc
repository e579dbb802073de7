#include "agent/software_keeper.h"

#include "agent/note.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::agent {
namespace {

// The heading, the signature in base 64, and the document: the first two a line each.
constexpr std::string_view heading = "luy-software 1\n";
constexpr std::size_t file_bytes_max = device_policy::list_bytes_max + 256;

std::optional<device_policy::SignedList> from_file(std::string_view text) {
  if (!text.starts_with(heading)) return std::nullopt;
  text.remove_prefix(heading.size());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto signature = from_base64(text.substr(0, end));
  if (!signature) return std::nullopt;
  return device_policy::SignedList{std::string(text.substr(end + 1)), *std::move(signature)};
}

}  // namespace

std::shared_ptr<const KeptList> SoftwareKeeper::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void SoftwareKeeper::put_in_force(device_policy::SoftwareList list, std::string_view document) {
  std::string content(device_policy::content_of(document));
  auto fresh = std::make_shared<const KeptList>(KeptList{std::move(list), std::move(content)});
  const std::lock_guard lock(mutex_);
  current_ = std::move(fresh);
}

std::vector<Item> SoftwareKeeper::restore(const std::string& key) {
  const auto text = read_file(setup_.file, file_bytes_max);
  if (!text && text.error().is(file_not_found)) return {};
  Error why(device_policy::list_malformed, setup_.file.string());
  if (!text) why = text.error();
  if (const auto given = text ? from_file(*text) : std::nullopt) {
    auto list = device_policy::accept_list(*given, key, setup_.device, {}, setup_.verify);
    if (list) {
      put_in_force(*std::move(list), given->document);
      return {};
    }
    why = list.error();
  }
  log(LogLevel::warning, "agent", "the kept list of software cannot be used; it is asked for anew: " + why.text());
  std::vector<Item> items;
  items.push_back(
      make_note("software_list_unusable", setup_.clock.now(), {{"code", std::string(why.name())}, {"why", why.en()}}));
  return items;
}

std::vector<Item> SoftwareKeeper::complain(const Error& error) {
  if (std::exchange(trouble_, error.text()) == trouble_) return {};
  log(LogLevel::warning, "agent", "list of software: " + error.text());
  // What the network does is told elsewhere.
  if (error.is(device_policy::list_not_signed) || error.is(device_policy::list_malformed) ||
      error.is(device_policy::list_of_other) || error.is(device_policy::list_older)) {
    std::vector<Item> items;
    items.push_back(make_note("software_list_refused", setup_.clock.now(),
                              {{"code", std::string(error.name())}, {"why", error.en()}}));
    return items;
  }
  return {};
}

std::vector<Item> SoftwareKeeper::follow(bool wanted) {
  if (!wanted) {
    asked_ = false;  // It may be wanted again, and is asked for then.
    return {};
  }
  const Duration now = setup_.clock.monotonic();
  if (asked_ && now < ask_at_) return {};
  asked_ = true;
  ask_at_ = now + ask_period;
  const auto held = current();
  const auto body = setup_.ask(held ? to_hex(sha256(held->content)) : std::string());
  if (!body) return complain(body.error());
  const auto answer = device_policy::read_list_answer(*body);
  if (!answer) return complain(answer.error());
  if (!answer->list) return {};
  const auto key = setup_.pin(answer->key);
  if (!key) return complain(key.error());
  auto list = device_policy::accept_list(*answer->list, *key, setup_.device,
                                         held ? std::optional(held->list.issued_at) : std::nullopt, setup_.verify);
  if (!list) return complain(list.error());
  const std::string text = std::string(heading) + to_base64(answer->list->signature) + '\n' + answer->list->document;
  if (const auto kept = write_file_durably(setup_.file, text); !kept) return complain(kept.error());
  trouble_.clear();
  std::vector<Item> items;
  items.push_back(make_note("software_list_held", setup_.clock.now(),
                            {{"products", static_cast<std::int64_t>(list->products.size())},
                             {"sha256", to_hex(sha256(answer->list->document))}}));
  put_in_force(*std::move(list), answer->list->document);
  return items;
}

}  // namespace luy::agent
