package dev.sojourn.servlet;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Classes whose names the compiler or the runtime makes up. The next build may give another class the same name. */
final class Nameless {
    private Nameless() {}

    /** Returns why a class cannot be registered and what to do; null if it has a name of its own. */
    static @Nullable String problem(Class<?> type) {
        if (Proxy.isProxyClass(type)) {
            return "it is a proxy: keep the object behind it";
        }
        if (type.isHidden()) {
            return "it is code (a lambda or a method reference), not data: keep what it is made from";
        }
        return type.isAnonymousClass()
                ? "it is an anonymous class: declare a record, an enum or a class with a name in its place"
                : null;
    }
}
