package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.SessionStore;
import org.junit.jupiter.api.Nested;

/** Two stores between which sessions move keep every rule of one. */
class MovingStoreContractTest {
    @Nested
    class WhenNewSessionsBeginInTheNewStore extends SessionStoreContract {
        @Override
        protected SessionStore open() {
            return MovingStore.from(new MemoryStore()).to(new MemoryStore());
        }
    }

    @Nested
    class WhenNothingMovesYet extends SessionStoreContract {
        @Override
        protected SessionStore open() {
            return MovingStore.from(new MemoryStore()).preparingFor(new MemoryStore());
        }
    }

    @Nested
    class WhenEverySessionMovesAtItsFirstChange extends SessionStoreContract {
        @Override
        protected SessionStore open() {
            return new MidMoveStore(new MemoryStore(), new MemoryStore());
        }
    }
}
