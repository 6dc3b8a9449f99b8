package dev.sojourn.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Signs a user in before a test and passes the {@link SignedInUser} as a parameter. Works with JUnit Jupiter 5.10 and newer,
 * and 6. Each parameter gets a session of its own.
 *
 * <pre>{@code
 * private final Sessions sessions = …; // the only field with sessions
 *
 * @Test
 * void alice_sees_her_account(@SignedInAs("alice") SignedInUser alice) { … }
 * }</pre>
 *
 * <p>On a method or class it applies to every {@code SignedInUser} parameter without an annotation; the nearest annotation
 * counts. The sessions are those of the test class's only field that has a type of sessions, set before the test's
 * parameters are resolved: by an initializer, {@code @BeforeAll} or {@code @Autowired}, not by {@code @BeforeEach} if that
 * method has such a parameter itself. A field of a superclass or of an enclosing instance counts if the nearer classes have none.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE})
@SuppressWarnings("exports") // JUnit creates the extension by reflection; no other code needs it
@ExtendWith(SignedInAsExtension.class)
public @interface SignedInAs {
    /**
     * Returns the user.
     *
     * @return the user, as given to {@code login}
     */
    String value();

    /**
     * Returns how the user signed in.
     *
     * @return methods as for {@link dev.sojourn.SignIn#by}; none by default
     */
    String[] methods() default {};
}
