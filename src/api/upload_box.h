// Files too large for one request: they come in parts, in order, each at most upload_part_bytes_max, and wait in a
// folder until something is made of them. What was begun is whose it was begun by; a part that did not arrive is sent
// again from where the answer says. Nothing outlives a restart.
//
// Thread-safe; parts of one upload are written one after another.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::api {

using UploadId = Id<struct UploadTag>;

inline constexpr ErrorKind upload_unknown{
    "api.upload_unknown", ErrorClass::not_found,
    "Không có tệp đang tải lên {}. Có thể đã quá hạn hoặc máy chủ đã khởi động lại; hãy tải lại từ đầu.",
    "There is no upload {}. It may have expired, or the hub was restarted: begin again."};
inline constexpr ErrorKind upload_out_of_order{
    "api.upload_out_of_order", ErrorClass::conflict,
    "Phần tải lên không nối tiếp: máy chủ đã nhận {} byte. Hãy gửi tiếp từ đó.",
    "The part does not follow: {} bytes have arrived. Go on from there."};
inline constexpr ErrorKind upload_incomplete{"api.upload_incomplete", ErrorClass::conflict,
                                             "Tệp chưa tải lên xong: mới có {} byte.",
                                             "The file has not arrived completely: {} bytes so far."};
inline constexpr ErrorKind upload_too_large{"api.upload_too_large", ErrorClass::too_large,
                                            "Tệp lớn hơn mức cho phép là {} byte.",
                                            "The file is larger than {} bytes."};
inline constexpr ErrorKind uploads_too_many{"api.uploads_too_many", ErrorClass::busy,
                                            "Đang có {} tệp tải lên cùng lúc. Hãy đợi một tệp xong rồi thử lại.",
                                            "There are {} uploads under way. Wait for one to end and try again."};

inline constexpr std::size_t upload_part_bytes_max = 3 << 20;
inline constexpr std::size_t upload_body_bytes_max = (4 << 20) + 4096;  // A part in base 64, and what is around it.
inline constexpr std::size_t uploads_max = 8;                           // At once, of everybody.
inline constexpr std::size_t uploads_of_one_max = 2;                    // With a further one the oldest is given up.
inline constexpr std::size_t upload_name_bytes_max = 255;
inline constexpr std::chrono::hours upload_lifetime{6};  // After the newest part.

class UploadBox {
 public:
  struct Dependencies {
    std::filesystem::path folder;  // Its own: what lies in it at the start is deleted.
    const Clock& clock;
    Random& random;
    std::size_t bytes_max = 0;  // Of one file.
  };
  // Errors: file errors.
  static Result<std::unique_ptr<UploadBox>> open(Dependencies dependencies);

  // One that arrived, or is arriving; deletes its file when nobody holds it any more.
  struct Upload {
    UploadId id;
    std::string owner;
    std::string name;
    std::size_t bytes = 0;     // Announced.
    std::size_t received = 0;  // So far. Read and written under the box's mutex only.
    Time touched{};
    std::filesystem::path file;
    Upload() = default;
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    ~Upload();
  };
  // shared_ptr: one may be dropped while it is read.
  using Pointer = std::shared_ptr<const Upload>;

  // Gives up the owner's oldest where there are too many. Errors: bad_request (an empty file, a name too long),
  // upload_too_large, uploads_too_many; file errors.
  Result<UploadId> begin(const std::string& owner, const std::string& name, std::size_t bytes);
  // How many bytes there are then. Errors: upload_unknown, upload_out_of_order, upload_too_large (more than was
  // announced); file errors. Then there are as many as before.
  Result<std::size_t> append(const std::string& owner, const UploadId& id, std::size_t offset, std::string_view part);
  // Complete. Errors: upload_unknown, upload_incomplete.
  Result<Pointer> complete(const std::string& owner, const UploadId& id) const;
  void drop(const UploadId& id);

 private:
  explicit UploadBox(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void expire();

  const Dependencies d_;
  mutable std::mutex mutex_;
  std::map<UploadId, std::shared_ptr<Upload>> uploads_;
};

// POST `pattern` {name, bytes} begins one, PUT `pattern`/{upload} {offset, content in base 64} brings a part.
// `authorise` asks the policy about `action` on what the file is for.
struct UploadRoutes {
  std::string pattern;
  std::string begin_operation;
  std::string part_operation;
  directory::Action action;
  std::function<Result<void>(const Request&)> authorise;
};
// Borrows the box. Whose an upload is: the account's.
std::vector<Route> upload_routes(UploadBox& box, const UploadRoutes& wanted);
// Of the asker.
std::string upload_owner(const Request& request);

}  // namespace luy::api
