package dev.sojourn.testing;

import dev.sojourn.SignIn;
import dev.sojourn.spi.SessionSource;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Resolves parameters for {@link SignedInAs}. Calls only what JUnit Jupiter 5 and 6 have in common. */
final class SignedInAsExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SignedInUser.class
                && annotation(parameter, context).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SignedInAs annotation = annotation(parameter, context).orElseThrow();
        return TestSessions.of(sessions(context)).signIn(annotation.value(), SignIn.by(annotation.methods()));
    }

    private static Optional<SignedInAs> annotation(ParameterContext parameter, ExtensionContext context) {
        List<AnnotatedElement> places = new ArrayList<>();
        places.add(parameter.getParameter());
        places.add(parameter.getDeclaringExecutable());
        context.getTestMethod().ifPresent(places::add);
        for (Class<?> each = context.getTestClass().orElse(null); each != null; each = each.getEnclosingClass()) {
            places.add(each);
        }
        return places.stream()
                .map(each -> each.getAnnotation(SignedInAs.class))
                .filter(each -> each != null)
                .findFirst();
    }

    private static SessionSource sessions(ExtensionContext context) {
        List<Object> instances =
                new ArrayList<>(context.getRequiredTestInstances().getAllInstances());
        Collections.reverse(instances); // the innermost first
        for (Object instance : instances) {
            for (Class<?> type = instance.getClass(); type != null; type = type.getSuperclass()) {
                SessionSource found = sessions(instance, type);
                if (found != null) {
                    return found;
                }
            }
        }
        throw new ParameterResolutionException("@SignedInAs needs the application's sessions: "
                + context.getRequiredTestClass().getName()
                + " has no field with sessions, for example of type Sessions");
    }

    private static @Nullable SessionSource sessions(Object instance, Class<?> type) {
        SessionSource found = null;
        for (Field field : type.getDeclaredFields()) {
            if (SessionSource.class.isAssignableFrom(field.getType())) {
                if (found != null) {
                    throw new ParameterResolutionException("@SignedInAs needs one field with sessions, and "
                            + type.getName() + " has several: use TestSessions.of instead");
                }
                found = read(instance, field);
            }
        }
        return found;
    }

    private static SessionSource read(Object instance, Field field) {
        try {
            field.setAccessible(true);
            Object value = field.get(Modifier.isStatic(field.getModifiers()) ? null : instance);
            if (value instanceof SessionSource sessions) {
                return sessions;
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new ParameterResolutionException("@SignedInAs cannot read the field " + field, e);
        }
        throw new ParameterResolutionException("@SignedInAs found no sessions in the field " + field
                + ": it is null when the test's parameters are resolved");
    }
}
