// For threads whose work can wait for everything else.
#pragma once

namespace luy::hub {

// The calling thread gets the processor and the disk when nobody else wants them. A priority that cannot be lowered is
// no reason to stop.
void lower_thread_priority();

}  // namespace luy::hub
