package dev.holdfast.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a lab of its own, removes it whatever happens, and after a failure writes down how all hosts looked. */
final class LabExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace HERE = Namespace.create(LabExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(HERE).computeIfAbsent(Lab.class, _ -> Lab.create(), Lab.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Lab lab = context.getStore(HERE).remove(Lab.class, Lab.class);
        if (lab == null) {
            return;
        }
        try (lab) {
            if (context.getExecutionException().isPresent()) {
                Path folder = Files.createDirectories(Path.of("target", "lab-dumps"));
                Path file = folder.resolve(context.getRequiredTestClass().getSimpleName() + "."
                        + context.getRequiredTestMethod().getName() + "." + lab.id() + ".txt");
                Files.writeString(file, context.getDisplayName() + "\n" + lab.dump());
                System.err.println("How all hosts looked when \"" + context.getDisplayName() + "\" failed: "
                        + file.toAbsolutePath());
            }
        }
    }
}
