// Notices in api/openapi.yaml: getMyNotices, setMyNotices, listNotices, retryNotice, getNoticeSettings,
// setNoticeSettings, testNoticeMail, listWebhooks, createWebhook, changeWebhook, removeWebhook, renewWebhookSecret,
// testWebhook. Handlers only translate.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "notice/outbox.h"

namespace luy::notice {

struct ApiDependencies {
  Setup& setup;
  Outbox& outbox;
  directory::Directory& directory;
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<directory::Object()> hub_object;
  // Sends now, and waits for the answer. Errors: what went wrong.
  std::function<Result<void>(const std::string& address, const std::string& name, Language language)> test_mail;
  std::function<Result<void>(const Webhook&)> test_webhook;
  std::function<void()> waiting;  // Something waits that did not before.
};

// Borrow what `dependencies` names.
std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::notice
