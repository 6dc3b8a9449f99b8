package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sojourn.CommonConfig;
import dev.sojourn.CookieOptions;
import dev.sojourn.CrossSiteRequestException;
import dev.sojourn.CsrfOptions;
import dev.sojourn.SealedSessions;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionException;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.Sessions;
import dev.sojourn.SignInRequiredException;
import dev.sojourn.StoreConfig;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Checks that the reference pages contain every option, property, exception and event. */
class ReferencePagesTest {
    private static final Pattern PROPERTY = Pattern.compile("\"name\": \"(sojourn\\.[a-z.-]+)\"");

    private final Path reference = Pages.ofThisBuild().root().resolve("docs/reference");

    private static Set<String> publicMethods(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                names.add(method.getName());
            }
        }
        return names;
    }

    @Test
    void every_option_has_a_row() throws IOException {
        String page = Files.readString(reference.resolve("options.md"));

        assertThat(Stream.of(
                                CommonConfig.class,
                                StoreConfig.class,
                                Sessions.Config.class,
                                SealedSessions.Config.class,
                                TokenSessions.Config.class,
                                TokenViews.Config.class,
                                CookieOptions.class,
                                CsrfOptions.class)
                        .flatMap(type -> publicMethods(type).stream())
                        .toList())
                .hasSizeGreaterThan(35)
                .allSatisfy(option -> assertThat(page).containsPattern("\n\\|[^|]*`" + option + "\\("));
    }

    @Test
    void every_spring_property_is_named() throws IOException {
        String page = Files.readString(reference.resolve("options.md"));

        assertThat(springProperties())
                .hasSizeGreaterThan(30)
                .allSatisfy(property -> assertThat(page).contains("`" + property + "`"));
    }

    private static List<String> springProperties() throws IOException {
        String resource = "META-INF/spring-configuration-metadata.json";
        Set<String> found = new TreeSet<>();
        for (var url :
                Collections.list(ReferencePagesTest.class.getClassLoader().getResources(resource))) {
            try (InputStream in = url.openStream()) {
                PROPERTY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .results()
                        .forEach(each -> found.add(each.group(1)));
            }
        }
        // the groups, which are not properties
        found.removeIf(name -> found.stream().anyMatch(other -> other.startsWith(name + ".")));
        return List.copyOf(found);
    }

    @Test
    void every_exception_and_every_reason_has_a_row() throws IOException {
        String page = Files.readString(reference.resolve("errors.md"));
        List<Class<? extends SessionException>> exceptions = List.of(
                CrossSiteRequestException.class,
                SessionEndedException.class,
                SessionSupersededException.class,
                SessionTooLargeException.class,
                SessionUnavailableException.class,
                SessionUndeliverableException.class,
                SignInRequiredException.class,
                TokenRefusedException.class);

        assertThat(exceptions)
                .allSatisfy(type -> assertThat(page).containsPattern("\n\\| \\d+ \\| `" + type.getSimpleName() + "`"));
        assertThat(Arrays.asList(SessionUnavailableException.Reason.values()))
                .allSatisfy(reason -> assertThat(page).containsPattern("\n\\| 503 \\|[^|]*`" + reason + "`"));
    }

    @Test
    void the_quoted_messages_about_secrets_are_those_of_the_library() throws IOException {
        String page = Files.readString(reference.resolve("errors.md"));

        assertThat(page).contains("``" + refusalOf(null) + "``");
        assertThat(List.of("secret", "keyboard cat, as in many tutorials")).allSatisfy(secret -> {
            String refusal = refusalOf(secret);
            assertThat(page).contains("`" + refusal.substring(0, refusal.indexOf(':')) + "`");
        });
    }

    private static String refusalOf(@Nullable String secret) {
        Throwable refusal = catchThrowable(() -> Sessions.create(c -> c.secret(secret)));
        assertThat(refusal).isInstanceOf(IllegalArgumentException.class);
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void every_event_has_a_row_and_every_reason_is_named() throws IOException {
        String page = Files.readString(reference.resolve("events.md"));

        assertThat(publicMethods(SessionListener.class))
                .filteredOn(name -> name.startsWith("on"))
                .hasSizeGreaterThan(10)
                .allSatisfy(event -> assertThat(page).contains("\n| `" + event + "("));
        assertThat(Stream.of(SessionListener.class.getDeclaredClasses())
                        .filter(Class::isEnum)
                        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                        .toList())
                .hasSizeGreaterThan(8)
                .allSatisfy(constant -> assertThat(page).contains("`" + constant + "`"));
    }
}
