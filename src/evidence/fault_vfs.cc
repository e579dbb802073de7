#include "evidence/fault_vfs.h"

#include <sqlite3.h>

#include <optional>

#include "base/check.h"

namespace luy::evidence {
namespace {

struct State {
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs shim{};
  std::optional<Fault> fault;
  std::uint64_t left = 0;
  bool struck = false;
};
State state;

// Whether this operation is to fail.
bool strikes(bool is_sync) {
  if (!state.fault || (*state.fault == Fault::sync_error) != is_sync) return false;
  if (state.left > 1) {
    --state.left;
    return false;
  }
  state.struck = true;
  return true;
}

struct File {
  sqlite3_file base;
  sqlite3_file* real;  // In the bytes behind this struct.
};
sqlite3_file* real_of(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real;
}

int close_file(sqlite3_file* file) {
  return real_of(file)->pMethods->xClose(real_of(file));
}
int read(sqlite3_file* file, void* out, int n, sqlite3_int64 at) {
  return real_of(file)->pMethods->xRead(real_of(file), out, n, at);
}
int write(sqlite3_file* file, const void* bytes, int n, sqlite3_int64 at) {
  if (strikes(false)) return *state.fault == Fault::write_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return real_of(file)->pMethods->xTruncate(real_of(file), size);
}
int sync(sqlite3_file* file, int flags) {
  if (strikes(true)) return SQLITE_IOERR_FSYNC;
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int lock(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xLock(real_of(file), level);
}
int unlock(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int check_lock(sqlite3_file* file, int* out) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
int control(sqlite3_file* file, int op, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}
int sector_size(sqlite3_file* file) {
  return real_of(file)->pMethods->xSectorSize(real_of(file));
}
int characteristics(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
  real_of(file)->pMethods->xShmBarrier(real_of(file));
}
int shm_unmap(sqlite3_file* file, int drop) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), drop);
}

// Version 2: shared memory for the write-ahead log, no memory mapping, which would write around this layer.
const sqlite3_io_methods methods = {
    2,         close_file, read,    write,       truncate,        sync,    file_size, lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,    nullptr};

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* out, int flags, int* out_flags) {
  auto* file = reinterpret_cast<File*>(out);
  file->real = reinterpret_cast<sqlite3_file*>(file + 1);
  file->base.pMethods = nullptr;
  const int code = state.real->xOpen(state.real, name, file->real, flags, out_flags);
  if (file->real->pMethods != nullptr) file->base.pMethods = &methods;
  return code;
}

}  // namespace

FaultVfs::FaultVfs() {
  state = State();
  state.real = sqlite3_vfs_find(nullptr);
  LUY_CHECK(state.real != nullptr);
  state.shim = *state.real;
  state.shim.pNext = nullptr;
  state.shim.zName = "luy-fault";
  state.shim.szOsFile = static_cast<int>(sizeof(File)) + state.real->szOsFile;
  state.shim.xOpen = open_file;
  LUY_CHECK(sqlite3_vfs_register(&state.shim, 1) == SQLITE_OK);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&state.shim);
  sqlite3_vfs_register(state.real, 1);
}

void FaultVfs::arm(Fault fault, std::uint64_t nth) {
  state.fault = fault;
  state.left = nth;
  state.struck = false;
}

void FaultVfs::disarm() {
  state.fault.reset();
}

bool FaultVfs::struck() const {
  return state.struck;
}

}  // namespace luy::evidence
