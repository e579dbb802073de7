// Sign-in sources wired into the hub: directories asked by LDAP, providers of OpenID Connect, and the people a
// directory knows brought in line with ours. What waits for others on the network does so on two threads of this
// desk's own, one for who signs in and one for tests and previews, so that a silent source keeps nobody else waiting.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "base/random.h"
#include "directory/directory.h"

namespace luy::hub {

class SourceDesk {
 public:
  struct Parts;  // Of the desk's own files (hub/source_talk.h).
  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const Clock& clock;
    Random& random;
    std::filesystem::path folder;          // Of secrets and authorities; made where it is missing, for its owner only.
    std::function<std::string()> own_url;  // "https://hub.example:8443": where a provider sends the browser back to.
    // Opens the case of somebody whose access a sync has ended; nothing where there is one.
    std::function<void(const PersonId& person, Day last_day, const std::string& reason)> open_leave;
  };
  // Errors: file errors.
  static Result<std::unique_ptr<SourceDesk>> open(Dependencies dependencies);
  ~SourceDesk();

  // testSource, previewSource, applySource, beginOidc, finishOidc, sendOidcCode. Borrow the desk.
  std::vector<api::Route> routes();

 private:
  explicit SourceDesk(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace luy::hub
