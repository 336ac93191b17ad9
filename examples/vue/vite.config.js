import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  // Told of the tag, Vue leaves it to the browser instead of looking for a component by that name.
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'teatime-chat' } } })],
});
