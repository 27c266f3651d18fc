//! The buffers of a connection: what comes in starts small and grows with a large answer, what goes out has the size of a request.

use ureq::unversioned::transport::Buffers;

/// The first room for input, in bytes: an ordinary answer of one deployment comes in two or three reads.
const FIRST: usize = 16 * 1024;

/// The largest room for input. The header of an answer, of which ureq takes 64 KiB, has to fit as a whole.
const MOST: usize = 128 * 1024;

/// ureq's own buffers are 128 KiB each from the start: with a thousand connections most of the memory.
#[derive(Debug)]
pub(super) struct GrowingBuffers {
    input: Vec<u8>,
    /// What was consumed of the input, and what was received.
    consumed: usize,
    received: usize,
    /// The last read filled the room there was: more is waiting.
    is_full: bool,
    progress: bool,
    output: Vec<u8>,
    /// The room for output, in bytes; allocated when it is first used.
    output_size: usize,
}

impl GrowingBuffers {
    pub(super) fn new(output_size: usize) -> GrowingBuffers {
        GrowingBuffers {
            input: Vec::new(),
            consumed: 0,
            received: 0,
            is_full: true,
            progress: false,
            output: Vec::new(),
            output_size,
        }
    }
}

impl Buffers for GrowingBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.output.resize(self.output_size, 0);
        &mut self.output
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.received]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.consumed > 0 {
            self.input.copy_within(self.consumed..self.received, 0);
            self.received -= self.consumed;
            self.consumed = 0;
        }
        if self.is_full && self.input.len() < MOST {
            self.input.resize((self.input.len() * 2).clamp(FIRST, MOST), 0);
            self.is_full = false;
        }
        &mut self.input[self.received..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.received += amount;
        self.is_full = self.received == self.input.len();
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.consumed += amount;
    }

    /// For a request with a body, which none of ours has.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.output.resize(self.output_size, 0);
        self.input_append_buf();
        (&mut self.input[self.received..], &mut self.output)
    }

    fn can_use_input(&self) -> bool {
        self.progress && self.consumed < self.received
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_is_kept_until_it_is_consumed() {
        let mut buffers = GrowingBuffers::new(10);
        let all: Vec<u8> = (0..400_000u32).map(|n| (n % 251) as u8).collect();
        let (mut sent, mut taken) = (0, Vec::new());
        let mut turn = 0;
        while taken.len() < all.len() {
            let room = buffers.input_append_buf();
            let amount = room.len().min(all.len() - sent);
            room[..amount].copy_from_slice(&all[sent..sent + amount]);
            buffers.input_appended(amount);
            sent += amount;
            // Sometimes all of it, sometimes a part, sometimes nothing.
            turn += 1;
            let amount = [buffers.input().len(), buffers.input().len() / 3, 0][turn % 3];
            taken.extend_from_slice(&buffers.input()[..amount]);
            buffers.input_consume(amount);
            assert_eq!(buffers.can_use_input(), amount > 0 && !buffers.input().is_empty());
        }
        assert!(taken == all && buffers.input.len() == MOST);
        assert_eq!(buffers.output().len(), 10);
    }

    #[test]
    fn a_small_answer_takes_little_room() {
        let mut buffers = GrowingBuffers::new(10);
        buffers.input_append_buf()[..5].copy_from_slice(b"hello");
        buffers.input_appended(5);
        buffers.input_consume(5);
        assert_eq!((buffers.input_append_buf().len(), buffers.input.len()), (FIRST, FIRST));
    }
}
