//! Tells when something happens near the files of the open draft, without asking again and again: the system says so.
//!
//! A thread of its own sleeps until then. Where the system has no such thing (it is Linux' inotify), or gives no more of
//! it, [`Watch::on`] says so, and the workbench looks at the file after keys instead.

use std::path::PathBuf;

use super::inbox::Sending;

#[cfg(target_os = "linux")]
pub use linux::Watch;

/// Watches nothing: there is nothing on this system that could.
#[cfg(not(target_os = "linux"))]
#[derive(Debug, Default)]
pub struct Watch;

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// Always `false`.
    pub fn on(&mut self, _folders: Vec<PathBuf>, _inbox: &Sending) -> bool {
        false
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};
    use rustix::io::Errno;

    use super::{PathBuf, Sending};
    use crate::tui::msg::Msg;

    /// How long nothing must happen before it is told: programs write a file in several steps.
    const QUIET_MS: u64 = 80;
    /// But it is told after this time, whatever goes on.
    const AT_LAST_MS: u128 = 600;

    /// What is watched.
    #[derive(Debug, Default)]
    pub struct Watch {
        thread: Option<Thread>,
    }

    /// The thread that sleeps; it ends when this is dropped.
    #[derive(Debug)]
    struct Thread {
        watched: Arc<Watched>,
        /// Closed when nobody wants to know any more.
        _end: OwnedFd,
    }

    #[derive(Debug)]
    struct Watched {
        inotify: OwnedFd,
        folders: Mutex<(Vec<PathBuf>, Vec<i32>)>,
    }

    impl Watch {
        /// Watches these folders from now on, and no others; what is not there yet is watched when it comes. `false` when
        /// the system does not tell what happens.
        pub fn on(&mut self, folders: Vec<PathBuf>, inbox: &Sending) -> bool {
            if self.thread.is_none() {
                self.thread = Thread::start(inbox.clone());
            }
            self.thread.as_ref().is_some_and(|thread| thread.watched.instead(Some(folders)))
        }
    }

    impl Thread {
        fn start(inbox: Sending) -> Option<Self> {
            let inotify = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
            let (ended, end) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).ok()?;
            let watched = Arc::new(Watched { inotify, folders: Mutex::default() });
            let of_thread = Arc::clone(&watched);
            let work = move || {
                while of_thread.waits(&ended) {
                    of_thread.instead(None);
                    if !inbox.send(Msg::Touched) {
                        return;
                    }
                }
            };
            std::thread::Builder::new().name("watch".into()).spawn(work).ok()?;
            Some(Self { watched, _end: end })
        }
    }

    impl Watched {
        /// Watches `folders` instead of what was watched before, or the same anew: a folder may have been put in the
        /// place of another. `false` when the innermost that is there cannot be watched.
        fn instead(&self, folders: Option<Vec<PathBuf>>) -> bool {
            let flags = WatchFlags::CREATE
                | WatchFlags::DELETE
                | WatchFlags::MOVE
                | WatchFlags::MODIFY
                | WatchFlags::CLOSE_WRITE
                | WatchFlags::DELETE_SELF
                | WatchFlags::MOVE_SELF
                | WatchFlags::ONLYDIR;
            let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(folders) = folders {
                known.0 = folders;
            }
            let mut now = Vec::new();
            let mut well = true;
            for folder in &known.0 {
                match inotify::add_watch(&self.inotify, folder, flags) {
                    Ok(watch) => now.push(watch),
                    Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => {}
                    Err(_) => well = false,
                }
            }
            for old in known.1.iter().filter(|old| !now.contains(old)) {
                let _ = inotify::remove_watch(&self.inotify, *old);
            }
            known.1 = now;
            well && !known.1.is_empty()
        }

        /// Sleeps until something has happened and is over; `false` when nobody wants to know any more.
        fn waits(&self, ended: &OwnedFd) -> bool {
            let mut begun: Option<Instant> = None;
            loop {
                let late = begun.is_some_and(|begun| begun.elapsed().as_millis() >= AT_LAST_MS);
                if late {
                    return true;
                }
                let mut both = [PollFd::new(&self.inotify, PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
                let quiet = Timespec { tv_sec: 0, tv_nsec: (QUIET_MS * 1_000_000).cast_signed() };
                match poll(&mut both, begun.map(|_| &quiet)) {
                    Ok(0) => return true,
                    Ok(_) if !both[1].revents().is_empty() => return false,
                    Ok(_) => {
                        if self.anything() && begun.is_none() {
                            begun = Some(Instant::now());
                        }
                    }
                    Err(Errno::INTR) => {}
                    Err(_) => return false,
                }
            }
        }

        /// Reads what has happened; `false` when nobody asked for any of it.
        fn anything(&self) -> bool {
            let mut bytes = [MaybeUninit::uninit(); 4096];
            let mut events = Reader::new(&self.inotify, &mut bytes);
            let mut found = false;
            while let Ok(event) = events.next() {
                // files that programs write before they put them in their place
                found |= event.file_name().is_none_or(|name| !name.to_bytes().starts_with(b"."));
            }
            found
        }
    }

    #[cfg(test)]
    mod tests {
        use std::fs;
        use std::time::Duration;

        use super::*;
        use crate::tui::runner::inbox::{Inbox, Next};

        struct Place {
            dir: tempfile::TempDir,
            inbox: Inbox,
            sending: Sending,
            _keys: std::os::unix::net::UnixStream,
            watch: Watch,
        }

        impl Place {
            fn new() -> Self {
                let (input, keys) = std::os::unix::net::UnixStream::pair().unwrap();
                let (inbox, sending) = Inbox::new(input.into()).unwrap();
                let dir = tempfile::tempdir().unwrap();
                Self { dir, inbox, sending, _keys: keys, watch: Watch::default() }
            }

            fn is_told(&mut self) {
                let until = Instant::now() + Duration::from_secs(40);
                match self.inbox.next(Some(until)) {
                    Next::Msg(msg) => assert_eq!(msg, Msg::Touched),
                    Next::Timeout => panic!("nothing was told"),
                }
            }
        }

        #[test]
        fn a_file_that_is_written_replaced_or_deleted_is_told() {
            let mut place = Place::new();
            let file = place.dir.path().join("a.txt");
            fs::write(&file, "one").unwrap();
            assert!(place.watch.on(vec![place.dir.path().to_owned()], &place.sending));
            fs::write(&file, "two").unwrap();
            place.is_told();
            let other = place.dir.path().join("b.txt");
            fs::write(&other, "three").unwrap();
            place.is_told();
            fs::rename(&other, &file).unwrap();
            place.is_told();
            fs::remove_file(&file).unwrap();
            place.is_told();
        }

        #[test]
        fn a_folder_that_comes_later_or_comes_again_is_watched_too() {
            let mut place = Place::new();
            let inner = place.dir.path().join("prompts/one");
            let folders = vec![place.dir.path().to_owned(), place.dir.path().join("prompts"), inner.clone()];
            assert!(place.watch.on(folders, &place.sending));
            for _ in 0..2 {
                fs::create_dir_all(&inner).unwrap();
                place.is_told();
                fs::write(inner.join("a.txt"), "one").unwrap();
                place.is_told();
                fs::remove_dir_all(place.dir.path().join("prompts")).unwrap();
                place.is_told();
            }
        }

        #[test]
        fn a_folder_that_is_not_there_cannot_be_watched() {
            let mut place = Place::new();
            assert!(!place.watch.on(vec![place.dir.path().join("no")], &place.sending));
        }
    }
}
