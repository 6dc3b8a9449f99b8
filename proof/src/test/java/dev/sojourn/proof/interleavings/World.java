package dev.sojourn.proof.interleavings;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.engine.Engine;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.engine.Pacer;
import dev.sojourn.proof.site.DirectExchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Three nodes of the real engine over one store, and what can be found out about it from outside. */
final class World {
    private static final int NODES = 3;
    private static final Pattern SUCCESSOR = Pattern.compile("\"successor\":\"([^\"]+)\"");
    /** Nobody waits: a schedule's pauses are the scheduler's. */
    private static final Pacer WITHOUT_WAITING = new Pacer() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void pause(int conflicts) {}
    };

    private final GatedStore store = new GatedStore();
    private final List<SettableClock> clocks = new ArrayList<>();
    private final List<Engine> nodes = new ArrayList<>();
    /** Counted, so that the same decisions meet the same ids. */
    private final List<AtomicInteger> idsOfNodes = new ArrayList<>();

    private final Instant start;

    World() {
        for (int i = 0; i < NODES; i++) {
            EngineSettings.Builder settings = new EngineSettings.Builder();
            SettableClock clock = new SettableClock();
            clocks.add(clock);
            settings.clock = clock;
            settings.store = store;
            AtomicInteger ids = new AtomicInteger();
            idsOfNodes.add(ids);
            String prefix = "the-id-of-node-" + i + "-number-";
            settings.generator = () -> prefix + ids.incrementAndGet();
            nodes.add(Engine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING));
        }
        start = clocks.get(0).instant();
        clocks.forEach(clock -> clock.set(start));
    }

    /** Empties the store and sets the clocks back. */
    void renew() {
        store.renew();
        clocks.forEach(clock -> clock.set(start));
        idsOfNodes.forEach(ids -> ids.set(0));
    }

    SettableClock clock(int node) {
        return clocks.get(node);
    }

    /** One request on one node, to its end. */
    Answer request(String name, int node, @Nullable String cookie, Consumer<Session> handler) {
        DirectExchange exchange =
                cookie == null ? new DirectExchange("/") : new DirectExchange("/", "Cookie: " + cookie);
        SessionScope scope = nodes.get(node).open(exchange);
        int status = 200;
        try {
            handler.accept(scope.session());
        } catch (SessionException e) {
            status = e.status();
        }
        try {
            scope.commit();
        } catch (SessionException e) {
            status = e.status();
            scope.answerHeaders();
        }
        Answer answer = new Answer(name, status, exchange.responseHeaders("Set-Cookie"));
        scope.close();
        return answer;
    }

    /** What a request with this cookie would see. */
    <T> Optional<T> look(@Nullable String cookie, Function<Session, @Nullable T> question) {
        List<T> seen = new ArrayList<>();
        request("look", 0, cookie, session -> {
            T answer = question.apply(session);
            if (answer != null) {
                seen.add(answer);
            }
        });
        return seen.stream().findFirst();
    }

    /** The first session's key. */
    StoreKey firstKey() {
        return store.created().get(0);
    }

    /** The bytes of the record that stands at the end of the line of successors from a key on, as text. */
    Optional<String> recordAtTheEndOf(StoreKey key) {
        StoredSession stored = store.peek(key);
        if (stored == null) {
            return Optional.empty();
        }
        String text = new String(stored.payload(), StandardCharsets.UTF_8);
        Matcher successor = SUCCESSOR.matcher(text);
        return successor.find() ? recordAtTheEndOf(StoreKey.of(successor.group(1))) : Optional.of(text);
    }
}
