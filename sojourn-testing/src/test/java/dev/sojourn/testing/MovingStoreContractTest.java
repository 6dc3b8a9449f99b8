package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.SessionStore;
import org.junit.jupiter.api.Nested;

/** Two stores between which sessions move pass the contract as one store does. */
class MovingStoreContractTest {
    @Nested
    class WhenNewSessionsStartInTheNewStore extends SessionStoreContract {
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
