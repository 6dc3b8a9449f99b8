package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import java.util.Optional;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.util.ClassUtils;

/**
 * Finds the memory store that survives the application's restarts by DevTools, as the container's sessions do. The store
 * contains JSON, from which the values are read as the application's new classes.
 */
final class DevToolsStore {
    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.boot.devtools.restart.Restarter", DevToolsStore.class.getClassLoader());
    private static final String ATTRIBUTE = "dev.sojourn.store";

    private DevToolsStore() {}

    /** Returns the store, or empty if DevTools is absent or does not restart this application. */
    static Optional<MemoryStore> find() {
        return PRESENT ? RestarterStore.find() : Optional.empty();
    }

    /** A separate class, because DevTools' classes are absent in production. */
    private static final class RestarterStore {
        static Optional<MemoryStore> find() {
            Restarter restarter;
            try {
                restarter = Restarter.getInstance();
            } catch (IllegalStateException e) {
                // Not started by SpringApplication.
                return Optional.empty();
            }
            // Without URLs DevTools restarts nothing, and the applications of one process, as in tests, stay separate.
            if (restarter.getInitialUrls() == null) {
                return Optional.empty();
            }
            // An instance of another class with this name, if DevTools is configured to reload Sojourn itself.
            return restarter.getOrAddAttribute(ATTRIBUTE, MemoryStore::new) instanceof MemoryStore kept
                    ? Optional.of(kept)
                    : Optional.empty();
        }
    }
}
