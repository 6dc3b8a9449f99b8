package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.WebApplication;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.tools.values.ApplicationTypes;
import dev.sojourn.tools.values.Sample;
import dev.sojourn.tools.values.ValueComparison;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A value that one HTTP request sets is returned unchanged to the next one by every store, or {@code set} refuses it.
 */
class ValuesOverHttpTest {
    private static final int CASES = 150;
    private static final List<Sample> SAMPLES = ValueRoundTripTest.nested(CASES);

    @TempDir
    private Path folder;

    private @Nullable SqliteDataSource file;

    @BeforeEach
    void open() {
        file = SqliteDataSource.open(folder.resolve("sessions.db"));
    }

    @AfterEach
    void close() {
        if (file != null) {
            file.close();
        }
    }

    private List<SessionStore> stores() {
        SqliteDataSource opened = Objects.requireNonNull(file);
        return List.of(
                MemoryStore.builder().build(),
                JdbcStore.builder(opened).createTableIfMissing().build());
    }

    /** How a handler sets and reads a value. */
    private interface Access {
        void set(HttpServletRequest request, Sample sample);

        @Nullable
        Object get(HttpServletRequest request, Sample sample);
    }

    private static final Access SESSION = new Access() {
        @Override
        public void set(HttpServletRequest request, Sample sample) {
            Key<Object> key = ValueRoundTripTest.key(sample.type());
            Sojourn.session(request).set(key, sample.value());
        }

        @Override
        public @Nullable Object get(HttpServletRequest request, Sample sample) {
            return Sojourn.session(request).get(ValueRoundTripTest.key(sample.type()));
        }
    };

    private static final Access DROP_IN = new Access() {
        @Override
        public void set(HttpServletRequest request, Sample sample) {
            request.getSession().setAttribute("v", sample.value());
        }

        @Override
        public @Nullable Object get(HttpServletRequest request, Sample sample) {
            return request.getSession().getAttribute("v");
        }
    };

    /** Sets each value in one request, reads it in the next one, and returns the number of kept values. */
    private static int assertKeptOrRefused(WebApplication application, Access access) {
        List<String> broken = new ArrayList<>();
        int kept = 0;
        for (Sample sample : SAMPLES) {
            String refused = application.request(request -> {
                try {
                    access.set(request, sample);
                    return "";
                } catch (IllegalArgumentException e) {
                    return "refused: " + e.getMessage();
                }
            });
            if (refused.isEmpty()) {
                kept++;
                AtomicReference<@Nullable Object> back = new AtomicReference<>();
                application.request(request -> {
                    back.set(access.get(request, sample));
                    return "";
                });
                ValueComparison.difference(sample.value(), back.get())
                        .ifPresent(difference -> broken.add(sample + ": " + difference));
            } else if (!refused.contains("'v' of type")) {
                broken.add(sample + ": " + refused);
            }
        }
        assertThat(broken).isEmpty();
        return kept;
    }

    private void assertKeptOrRefused(
            BiFunction<SessionStore, Path, WebApplication> applications, Access access, int leastKept) {
        for (SessionStore store : stores()) {
            try (WebApplication application = applications.apply(store, folder)) {
                assertThat(assertKeptOrRefused(application, access))
                        .as("kept, of %s", SAMPLES.size())
                        .isGreaterThan(leastKept);
            }
        }
    }

    private static WebApplication sojournApplication(SessionStore store, Path folder) {
        Sessions sessions =
                Sessions.create(c -> c.secret(Site.SECRET).store(store).maxSessionBytes(1 << 20));
        return new WebApplication(folder, sessions, format(), "__Host-id");
    }

    private static WebApplication expressApplication(SessionStore store, Path folder) {
        Sessions sessions = Sessions.create(
                Express.compatible(store, e -> e.secret(Site.SECRET)).andThen(c -> c.maxSessionBytes(1 << 20)));
        return new WebApplication(folder, sessions, format(), "connect.sid");
    }

    private static AttributeFormat format() {
        return AttributeFormat.json(ApplicationTypes.class.getDeclaredClasses());
    }

    @Test
    void a_session_returns_each_value_unchanged_or_refuses_it() {
        assertKeptOrRefused(ValuesOverHttpTest::sojournApplication, SESSION, 30);
    }

    @Test
    void the_drop_in_returns_each_value_unchanged_or_refuses_it() {
        assertKeptOrRefused(ValuesOverHttpTest::sojournApplication, DROP_IN, 40);
    }

    @Test
    void a_session_shared_with_express_returns_each_value_unchanged_or_refuses_it() {
        assertKeptOrRefused(ValuesOverHttpTest::expressApplication, SESSION, 30);
    }

    @Test
    void the_drop_in_over_express_returns_each_value_unchanged_or_refuses_it() {
        assertKeptOrRefused(ValuesOverHttpTest::expressApplication, DROP_IN, 4);
    }
}
