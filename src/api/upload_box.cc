#include "api/upload_box.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/encoding.h"
#include "base/file.h"

namespace luy::api {
namespace {

// Cuts off what a failed write left behind.
Result<void> write_at(const std::filesystem::path& file, std::size_t offset, std::string_view bytes) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return file_error(file.filename().string(), errno);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::pwrite(fd.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int failed = errno;
      [[maybe_unused]] const int cut = ::ftruncate(fd.get(), static_cast<off_t>(offset));
      return file_error(file.filename().string(), failed);
    }
    done += static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace

UploadBox::Upload::~Upload() {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

Result<std::unique_ptr<UploadBox>> UploadBox::open(Dependencies dependencies) {
  std::error_code ignored;
  std::filesystem::remove_all(dependencies.folder, ignored);
  LUY_TRY_VOID(make_folder(dependencies.folder));
  return std::unique_ptr<UploadBox>(new UploadBox(std::move(dependencies)));
}

void UploadBox::expire() {
  std::erase_if(uploads_, [&](const auto& one) { return d_.clock.now() - one.second->touched > upload_lifetime; });
}

Result<UploadId> UploadBox::begin(const std::string& owner, const std::string& name, std::size_t bytes) {
  if (name.empty() || name.size() > upload_name_bytes_max) return Error(bad_request, "name");
  if (bytes == 0) return Error(bad_request, "bytes");
  if (bytes > d_.bytes_max) return Error(upload_too_large, std::to_string(d_.bytes_max));
  const std::lock_guard lock(mutex_);
  expire();
  std::vector<UploadId> own;  // Ids sort by birth.
  for (const auto& [id, one] : uploads_) {
    if (one->owner == owner) own.push_back(id);
  }
  if (own.size() >= uploads_of_one_max) uploads_.erase(own.front());
  if (uploads_.size() >= uploads_max) return Error(uploads_too_many, std::to_string(uploads_max));
  auto upload = std::make_shared<Upload>();
  upload->id = UploadId::make(d_.clock.now(), d_.random);
  upload->owner = owner;
  upload->name = name;
  upload->bytes = bytes;
  upload->touched = d_.clock.now();
  upload->file = d_.folder / upload->id.text();
  LUY_TRY_VOID(write_at(upload->file, 0, {}));
  const UploadId id = upload->id;
  uploads_.emplace(id, std::move(upload));
  return id;
}

Result<std::size_t> UploadBox::append(const std::string& owner, const UploadId& id, std::size_t offset,
                                      std::string_view part) {
  const std::lock_guard lock(mutex_);
  expire();
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second->owner != owner) return Error(upload_unknown, id.text());
  Upload& upload = *found->second;
  if (offset != upload.received) return Error(upload_out_of_order, std::to_string(upload.received));
  if (part.size() > upload.bytes - upload.received) return Error(upload_too_large, std::to_string(upload.bytes));
  LUY_TRY_VOID(write_at(upload.file, offset, part));
  upload.received += part.size();
  upload.touched = d_.clock.now();
  return upload.received;
}

Result<UploadBox::Pointer> UploadBox::complete(const std::string& owner, const UploadId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second->owner != owner) return Error(upload_unknown, id.text());
  const Upload& upload = *found->second;
  if (upload.received != upload.bytes) return Error(upload_incomplete, std::to_string(upload.received));
  return Pointer(found->second);
}

void UploadBox::drop(const UploadId& id) {
  const std::lock_guard lock(mutex_);
  uploads_.erase(id);
}

std::string upload_owner(const Request& request) {
  return request.actor ? request.actor->account.text() : std::string();
}

std::vector<Route> upload_routes(UploadBox& box, const UploadRoutes& wanted) {
  const auto authorise = wanted.authorise;
  std::vector<Route> out;
  out.push_back(
      {Method::post, wanted.pattern, wanted.begin_operation, Access::session, wanted.action,
       [&box, authorise](const Request& request) -> Result<Response> {
         LUY_TRY_VOID(authorise(request));
         const boost::json::object& body = request.body.as_object();
         LUY_TRY(const UploadId id, box.begin(upload_owner(request), std::string(body.at("name").as_string()),
                                              body.at("bytes").to_number<std::size_t>()));
         request.audited = true;  // What is made of the file is the act.
         return json(boost::json::object{{"id", id.text()}, {"received", 0}, {"part_bytes_max", upload_part_bytes_max}},
                     201);
       }});
  out.push_back({Method::put, wanted.pattern + "/{upload}", wanted.part_operation, Access::session, wanted.action,
                 [&box, authorise](const Request& request) -> Result<Response> {
                   LUY_TRY_VOID(authorise(request));
                   LUY_TRY(const auto id, request.id_param<UploadId>("upload", "upload"));
                   const boost::json::object& body = request.body.as_object();
                   const auto part = from_base64(std::string_view(body.at("content").as_string()));
                   if (!part || part->size() > upload_part_bytes_max) return Error(bad_request, "content");
                   LUY_TRY(const std::size_t received,
                           box.append(upload_owner(request), id, body.at("offset").to_number<std::size_t>(), *part));
                   request.audited = true;
                   return json(boost::json::object{
                       {"id", id.text()}, {"received", received}, {"part_bytes_max", upload_part_bytes_max}});
                 },
                 upload_body_bytes_max});
  return out;
}

}  // namespace luy::api
