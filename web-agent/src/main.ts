// Opens the desk.
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { keyDown } from './keys/registry';
import { makeRouter } from './router';
import './theme/tokens.css';

window.addEventListener('keydown', keyDown);
createApp(App).use(createPinia()).use(makeRouter()).mount('#app');
