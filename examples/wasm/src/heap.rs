//! Memory that is wiped when it is freed.
//!
//! JavaScript's strings are copied into the module's memory, by the code that wasm-bindgen writes and
//! before any function here has them; so are the strings that go back. Whatever they hold, and whether it
//! is accepted or rejected, nothing of it is left behind.

use std::alloc::{GlobalAlloc, Layout, System};

#[global_allocator]
static HEAP: Wiped = Wiped;

struct Wiped;

// SAFETY: the memory is that of `System`, and is written to while it is still allocated. `realloc` is the
// trait's own, which allocates, copies and frees.
unsafe impl GlobalAlloc for Wiped {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        for offset in 0..layout.size() {
            // SAFETY: within the allocation. Volatile, so that it is not left out before the end.
            unsafe { start.add(offset).write_volatile(0) };
        }
        // SAFETY: as above.
        unsafe { System.dealloc(start, layout) };
    }
}
